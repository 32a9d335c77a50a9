//! The command line as typed. Only parses: what the words amount to is worked out in `settings`.

#[cfg(feature = "batch")]
use crate::worker;
use clap::{Parser, Subcommand, ValueEnum};
use gouji::geom::Rect;
use gouji::limits::Limits;
use std::ops::RangeInclusive;
use std::path::PathBuf;

/// Reads published reports into named, placed and checked numbers.
#[derive(Debug, Parser)]
#[command(name = "gouji", version, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 read, and every check that could run holds; 1 read, with findings of severity \
                        error; 2 could not read, or misused.\nData goes to stdout, talk to stderr.")]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// What every command takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Common {
    /// Language of messages; codes and ids are the same in both
    #[arg(long, global = true, value_enum, default_value_t, value_name = "LANG")]
    pub(crate) lang: Language,
    /// Colour on terminals; the variable `NO_COLOR` is obeyed
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: Color,
    /// Say nothing on stderr but errors that stop a file
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Write to this file instead of stdout: the whole output or none
    #[arg(short, long, global = true, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// What every command takes that reads documents.
#[derive(Debug, clap::Args)]
pub(crate) struct Reading {
    /// Password for encrypted files
    #[arg(long)]
    pub(crate) password: Option<String>,
    /// Raise or lower a cap on what one file may cost (repeatable), such as pages=5000
    #[arg(long, value_name = "NAME=N", value_parser = limit)]
    pub(crate) limit: Vec<(String, u64)>,
    /// Folder of the models that read pictures of pages, where it is not the one that `gouji models` installs to
    #[cfg(feature = "ocr")]
    #[arg(long, value_name = "DIR")]
    pub(crate) models: Option<PathBuf>,
}

/// Where more forms are.
#[derive(Debug, clap::Args)]
pub(crate) struct FormDirs {
    /// Add the forms (*.toml) in this folder and below (repeatable)
    #[arg(long, value_name = "DIR")]
    pub(crate) forms: Vec<PathBuf>,
}

/// Whether numbers are read a second time.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct SecondReading {
    /// Read each number of a PDF's tables again by another decoder; where the two differ it is doubtful
    #[cfg(feature = "second-reading")]
    #[arg(long)]
    pub(crate) second_reading: bool,
}

#[cfg(feature = "batch")]
impl SecondReading {
    /// Whether it was asked for.
    pub(crate) fn wanted(self) -> bool {
        #[cfg(feature = "second-reading")]
        return self.second_reading;
        #[cfg(not(feature = "second-reading"))]
        return false;
    }
}

/// How reports are compared with each other.
#[derive(Debug, clap::Args)]
pub(crate) struct Across {
    /// Compare the reports with each other: years, units, formats, copies
    #[arg(long)]
    pub(crate) corpus: bool,
    /// Who is who: a CSV with the columns code,name,parent,variants
    #[arg(long, requires = "corpus", value_name = "FILE")]
    pub(crate) registry: Option<PathBuf>,
    /// text: for people, problems first; json: one object; jsonl: a check a line
    #[arg(long, requires = "corpus", value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: CorpusFormat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Give out every figure of the reports, named, placed and checked
    Extract {
        /// Files to read; - is stdin
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// json: one object for one report, an array for several reports or files; jsonl: an object a line
        #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
        format: ReportFormat,
        #[command(flatten)]
        reading: Reading,
        #[command(flatten)]
        forms: FormDirs,
        #[command(flatten)]
        second: SecondReading,
    },
    /// Say for people whether the figures tie (for programs: extract)
    Check {
        /// Files to read; - is stdin
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        across: Across,
        #[command(flatten)]
        reading: Reading,
        #[command(flatten)]
        forms: FormDirs,
        #[command(flatten)]
        second: SecondReading,
    },
    /// Read many files into a ledger with a row for each, and a dataset
    #[cfg(feature = "batch")]
    Batch(BatchArgs),
    /// Turn a dataset into Parquet, CSV, a database or a workbook, documented and hashed
    #[cfg(feature = "batch")]
    Export(ExportArgs),
    /// Write one page about a dataset: coverage, gaps, failing ties, what to look at first
    #[cfg(feature = "batch")]
    Summary {
        /// The folder that a batch wrote
        #[arg(value_name = "DIR")]
        dataset: PathBuf,
    },
    /// Read inputs from stdin for a batch
    #[cfg(feature = "batch")]
    #[command(hide = true)]
    Worker {
        /// Bytes of memory that it may use
        #[arg(long)]
        memory: u64,
        #[command(flatten)]
        reading: Reading,
        #[command(flatten)]
        forms: FormDirs,
    },
    /// Give out every table of a document, no form needed
    Tables {
        /// File to read; - is stdin
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
        format: TablesFormat,
        /// Only these pages, such as 2-5 or 1,3-4
        #[arg(long, value_name = "PAGES", value_parser = page_range, value_delimiter = ',')]
        pages: Vec<RangeInclusive<u32>>,
        /// Only the ink in this box, taken to be one table; in points from the top left of the page
        #[arg(long, value_name = "PAGE:X0,Y0,X1,Y1", value_parser = region, conflicts_with = "pages")]
        region: Option<(u32, Rect)>,
        #[command(flatten)]
        reading: Reading,
    },
    /// Show what was seen on the pages: counts, lines, tables; or one page drawn as SVG
    Inspect {
        /// File to read; - is stdin
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Only this page
        #[arg(long, value_name = "N")]
        page: Option<u32>,
        /// Draw the page with its glyphs, rulings, what was weighed as a table and why, cells and their bindings
        #[arg(long, requires = "page")]
        svg: bool,
        #[command(flatten)]
        reading: Reading,
        #[command(flatten)]
        forms: FormDirs,
    },
    /// List, show and lint forms
    Forms {
        #[command(subcommand)]
        action: FormsAction,
    },
    /// Install the models that read pictures of pages, and say whether they are there
    #[cfg(feature = "ocr")]
    Models {
        #[command(subcommand)]
        action: ModelsAction,
    },
    /// Say what a code means; without a code, list them all
    Explain {
        /// A code such as sum-mismatch
        #[arg(value_name = "CODE")]
        code: Option<String>,
    },
    /// Print the JSON Schema of the output
    Schema {
        /// Of `gouji tables` instead of `gouji extract`
        #[arg(long)]
        tables: bool,
        /// Of `gouji check --corpus`
        #[arg(long, conflicts_with = "tables")]
        corpus: bool,
    },
    /// Print completions for a shell
    Completions {
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the manual page, of gouji or of one command
    Man {
        /// A command, such as extract
        #[arg(value_name = "COMMAND")]
        name: Option<String>,
    },
}

/// What `gouji batch` takes.
#[cfg(feature = "batch")]
#[derive(Debug, clap::Args)]
pub(crate) struct BatchArgs {
    /// Folders, files, zip archives, patterns in quotes, @FILE for a list with a path a line, or `s3://BUCKET/PREFIX`
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Folder for the ledger and the dataset; run again on it, a batch does what is left
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Worker processes; as many as there are cores unless given
    #[arg(short, long, value_name = "N")]
    pub(crate) jobs: Option<std::num::NonZeroU16>,
    /// Seconds that one input may take
    #[arg(long, value_name = "SECONDS", default_value_t = worker::SECONDS, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) timeout: u64,
    /// MiB of memory that one worker may use
    #[arg(long, value_name = "MIB", default_value_t = worker::MEBIBYTES, value_parser = clap::value_parser!(u64).range(512..=1_048_576))]
    pub(crate) memory: u64,
    /// Read again what failed before
    #[arg(long)]
    pub(crate) retry: bool,
    #[command(flatten)]
    pub(crate) second: SecondReading,
    /// Human decisions about cells; DIR/corrections.jsonl unless given
    #[arg(long, value_name = "FILE")]
    pub(crate) corrections: Option<PathBuf>,
    /// Tell of every input on stderr as a JSON object a line
    #[arg(long)]
    pub(crate) json_log: bool,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) forms: FormDirs,
}

/// What `gouji export` takes.
#[cfg(feature = "batch")]
#[derive(Debug, clap::Args)]
pub(crate) struct ExportArgs {
    /// The folder that a batch wrote
    #[arg(value_name = "DIR")]
    pub(crate) dataset: PathBuf,
    /// The format
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) to: ExportFormat,
    /// The folder to write: the whole of it or none; an earlier export there is replaced
    #[arg(long, value_name = "OUT")]
    pub(crate) out: PathBuf,
    /// Labels to put beside the ids of rows and columns
    #[arg(long, value_enum, default_value_t, value_name = "LABELS")]
    pub(crate) labels: ExportLabels,
    #[command(flatten)]
    pub(crate) forms: FormDirs,
}

#[cfg(feature = "batch")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    Parquet,
    Csv,
    Sqlite,
    Xlsx,
}

#[cfg(feature = "batch")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub(crate) enum ExportLabels {
    #[default]
    Id,
    Zh,
    En,
}

#[derive(Debug, Subcommand)]
pub(crate) enum FormsAction {
    /// List the forms at hand
    List {
        #[command(flatten)]
        forms: FormDirs,
    },
    /// Show the tables, rows, columns and ties of a form
    Show {
        /// The form's id, such as cn.foi-annual/2021
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        forms: FormDirs,
    },
    /// Check form files
    Lint {
        /// Form files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

#[cfg(feature = "ocr")]
#[derive(Debug, Subcommand)]
pub(crate) enum ModelsAction {
    /// Install the models from a package that was fetched before; gouji itself uses no network
    Install {
        /// The wheel that `pip download --no-deps rapidocr==3.10.0` fetched; or a folder with the files
        #[arg(long, value_name = "WHEEL")]
        from: PathBuf,
        /// Folder to install to, where it is not the user's own for such data
        #[arg(long, value_name = "DIR")]
        models: Option<PathBuf>,
    },
    /// Say where the models are looked for and whether they are there: exit code 0 if so, 1 if not
    Status {
        /// Folder to look in, where it is not the one that is installed to
        #[arg(long, value_name = "DIR")]
        models: Option<PathBuf>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub(crate) enum ReportFormat {
    #[default]
    Json,
    Jsonl,
    Csv,
    Md,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub(crate) enum CorpusFormat {
    #[default]
    Text,
    Json,
    Jsonl,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub(crate) enum TablesFormat {
    #[default]
    Json,
    Csv,
    Html,
    Md,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub(crate) enum Language {
    #[default]
    En,
    Zh,
}

#[cfg(feature = "batch")]
impl Language {
    /// As typed for English.
    pub(crate) const EN: &str = "en";
    /// As typed for Chinese.
    pub(crate) const ZH: &str = "zh";
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

/// `NAME=N`, where a cap of that name exists.
fn limit(text: &str) -> Result<(String, u64), String> {
    let known = || format!("the caps are: {}", Limits::NAMES.join(", "));
    let (name, value) = text.split_once('=').ok_or_else(|| format!("expected NAME=N; {}", known()))?;
    let value = value.replace('_', "").parse().map_err(|_| format!("`{value}` is not a whole number"))?;
    if Limits::NAMES.contains(&name) { Ok((name.to_owned(), value)) } else { Err(known()) }
}

/// `3` or `2-5`.
fn page_range(text: &str) -> Result<RangeInclusive<u32>, String> {
    let page = |digits: &str| {
        let page: Option<u32> = digits.trim().parse().ok().filter(|page| *page > 0);
        page.ok_or_else(|| format!("`{digits}` is not a page number"))
    };
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (page(first)?, page(last)?);
    if first <= last { Ok(first..=last) } else { Err(format!("page {first} comes after page {last}")) }
}

/// `PAGE:x0,y0,x1,y1`.
fn region(text: &str) -> Result<(u32, Rect), String> {
    let wrong = || "expected PAGE:x0,y0,x1,y1, such as 2:72,90,523,310".to_owned();
    let (page, sides) = text.split_once(':').ok_or_else(wrong)?;
    let page = page.parse().ok().filter(|page| *page > 0).ok_or_else(wrong)?;
    let sides: Result<Vec<f32>, _> = sides.split(',').map(|side| side.trim().parse()).collect();
    let sides = sides.map_err(|_| wrong())?;
    match sides.as_slice() {
        [x0, y0, x1, y1] if sides.iter().all(|side| side.is_finite()) => Ok((page, Rect::new(*x0, *y0, *x1, *y1))),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        use clap::CommandFactory as _;
        Args::command().debug_assert();
    }

    #[test]
    fn pages_count_from_one_and_go_up() {
        assert_eq!(page_range("2-5"), Ok(2..=5));
        assert_eq!(page_range("3"), Ok(3..=3));
        for wrong in ["0", "5-2", "x", "2-", ""] {
            assert!(page_range(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_region_is_a_page_and_four_numbers() {
        assert_eq!(region("2:10,20.5,30,40"), Ok((2, Rect::new(10.0, 20.5, 30.0, 40.0))));
        for wrong in ["2:1,2,3", "0:1,2,3,4", "1,2,3,4", "1:1,2,3,NaN", "1:a,2,3,4,5"] {
            assert!(region(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_limit_has_a_known_name_and_a_number() {
        assert_eq!(limit("pages=5_000"), Ok(("pages".to_owned(), 5000)));
        for wrong in ["pages", "pages=x", "nothing=1", "pages=-1"] {
            assert!(limit(wrong).is_err(), "{wrong}");
        }
    }
}
