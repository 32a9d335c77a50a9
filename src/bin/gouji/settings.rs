//! What the arguments amount to: options of the library, the language, colour, the forms at hand.

use crate::args::{Color, Common, FormDirs, Language, Reading};
#[cfg(feature = "batch")]
use crate::worker::Terms;
use gouji::limits::Limits;
#[cfg(feature = "ocr")]
use gouji::source::Models;
use gouji::{Error, ErrorKind, Lang, Library, Options};
use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
#[cfg(feature = "ocr")]
use std::sync::Arc;
#[cfg(feature = "batch")]
use std::{ffi::OsString, time::Duration};

/// How to talk and where to write.
#[derive(Debug)]
pub(crate) struct Settings {
    /// Language of messages.
    pub(crate) lang: Lang,
    /// Whether only errors that stop a file are told.
    pub(crate) quiet: bool,
    /// Whether stdout takes colour.
    pub(crate) color_out: bool,
    /// Whether stderr takes colour.
    pub(crate) color_err: bool,
    /// Where data goes; stdout when `None`.
    pub(crate) output: Option<PathBuf>,
}

impl Settings {
    /// Settings from what every command takes.
    pub(crate) fn new(common: Common) -> Self {
        let lang = match common.lang {
            Language::En => Lang::En,
            Language::Zh => Lang::Zh,
        };
        let to_file = common.output.is_some();
        Self {
            lang,
            quiet: common.quiet,
            color_out: colored(common.color, !to_file && std::io::stdout().is_terminal()),
            color_err: colored(common.color, std::io::stderr().is_terminal()),
            output: common.output,
        }
    }
}

fn colored(wish: Color, terminal: bool) -> bool {
    let refused = || {
        std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|term| term == "dumb")
    };
    match wish {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => terminal && !refused(),
    }
}

/// Options for the library's readers.
pub(crate) fn options(reading: &Reading) -> Options {
    let mut limits = Limits::default();
    for (name, value) in &reading.limit {
        // The argument parser has refused unknown names.
        let _ = limits.set(name, *value);
    }
    Options {
        password: reading.password.clone(),
        limits,
        #[cfg(feature = "ocr")]
        models: models_folder(reading.models.as_deref()).and_then(|folder| Models::find(&folder)).map(Arc::new),
    }
}

/// Where the models are installed to and looked for: in the folder that was chosen, or else in the user's folder for data
/// of programs on this machine, if there is one.
#[cfg(feature = "ocr")]
pub(crate) fn models_folder(chosen: Option<&Path>) -> Option<PathBuf> {
    let usual = || Some(dirs::data_local_dir()?.join("gouji").join("models"));
    chosen.map(Path::to_owned).or_else(usual)
}

/// How worker processes are started so that they read as this one would.
#[cfg(feature = "batch")]
pub(crate) fn terms(
    reading: &Reading,
    forms: &FormDirs,
    lang: Lang,
    second_reading: bool,
    time: Duration,
    memory: u64,
) -> std::io::Result<Terms> {
    let language = match lang {
        Lang::En => Language::EN,
        Lang::Zh => Language::ZH,
    };
    let mut arguments: Vec<OsString> =
        ["worker", "--lang", language, "--memory", &memory.to_string()].map(OsString::from).into();
    for (name, value) in &reading.limit {
        arguments.extend(["--limit".into(), format!("{name}={value}").into()]);
    }
    if let Some(password) = &reading.password {
        arguments.push(format!("--password={password}").into());
    }
    for dir in &forms.forms {
        arguments.extend(["--forms".into(), dir.into()]);
    }
    #[cfg(feature = "ocr")]
    if let Some(folder) = &reading.models {
        arguments.extend(["--models".into(), folder.into()]);
    }
    Ok(Terms { time, program: std::env::current_exe()?, arguments, second_reading })
}

/// The built-in forms and those in the given folders.
pub(crate) fn library(dirs: &FormDirs) -> gouji::Result<Library> {
    let mut library = Library::builtin()?;
    for dir in &dirs.forms {
        for file in form_files(dir)? {
            let name = file.to_string_lossy();
            let text = fs::read_to_string(&file).map_err(|error| ErrorKind::Io(error).at(name.clone()))?;
            library.add(&name, &text)?;
        }
    }
    Ok(library)
}

/// The form files in a folder and below, by path. A link to a folder is not followed: it may lead in a circle.
fn form_files(dir: &Path) -> gouji::Result<Vec<PathBuf>> {
    let failed = |error| -> Error { ErrorKind::Io(error).at(dir.to_string_lossy()) };
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        if entry.file_type().map_err(failed)?.is_dir() {
            files.extend(form_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
