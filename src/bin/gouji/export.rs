//! `gouji export DIR --to FORMAT --out OUT`: a dataset as a folder for others.

use crate::args::{ExportArgs, ExportFormat, ExportLabels};
use crate::run::Stop;
use crate::settings;
use gouji::dataset::Folder;
use gouji::export::{self, Failure, Format, Labels, Options};
use std::io;

/// Exports a dataset.
pub(crate) fn run(args: &ExportArgs) -> Result<(), Stop> {
    let format = match args.to {
        ExportFormat::Parquet => Format::Parquet,
        ExportFormat::Csv => Format::Csv,
        ExportFormat::Sqlite => Format::Sqlite,
        ExportFormat::Xlsx => Format::Xlsx,
    };
    let labels = match args.labels {
        ExportLabels::Id => Labels::Id,
        ExportLabels::Zh => Labels::Zh,
        ExportLabels::En => Labels::En,
    };
    if format == Format::Parquet && labels != Labels::Id {
        return Err(Stop::Misuse(
            "Parquet files are the dataset's own and have ids only".into(),
            "leave out --labels and join dictionary.zh.csv or dictionary.en.csv, which are beside them".into(),
        ));
    }
    let library = settings::library(&args.forms)?;
    export::export(&Folder::new(&args.dataset), &library, &args.out, Options { format, labels }).map_err(stop)
}

fn stop(failure: Failure) -> Stop {
    let help = match &failure {
        Failure::Io(_) => return Stop::Output(io::Error::other(failure)),
        Failure::NoDataset(_) => "give the folder that `gouji batch --out` wrote; if it was stopped, run it again",
        Failure::Taken { .. } => "give another folder with --out",
        Failure::UnknownCell { .. } => "give the forms that the batch was read with: --forms DIR",
        Failure::Name { .. } => "give other labels with --labels, or mend the form",
        Failure::Dataset(_) => "run the batch again; its dataset is damaged or of another version",
        Failure::Form(_) => "report it: the forms of this program are broken",
        Failure::Sqlite(_) | Failure::Xlsx(_) => "check the permissions and the space left",
    };
    Stop::Misuse(failure.to_string(), help.into())
}
