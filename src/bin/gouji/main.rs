//! The command line program: arguments in, bytes on stdout and talk on stderr out. All reading is the library's.

#[cfg(feature = "second-reading")]
mod again;
mod args;
#[cfg(feature = "batch")]
mod batch;
mod corpus;
mod exit;
#[cfg(feature = "batch")]
mod export;
mod forms;
mod human;
mod inspect;
#[cfg(feature = "ocr")]
mod models;
#[cfg(feature = "batch")]
mod outcome;
mod output;
mod run;
mod settings;
#[cfg(feature = "batch")]
mod summary;
mod talk;
#[cfg(feature = "batch")]
mod worker;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    // A panic on a reading thread becomes an `internal` or `reader` error of that input; its own words would be noise.
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() != Some(run::READING_THREAD) {
            report(panic);
        }
    }));
    match args::Args::try_parse() {
        Ok(args) => run::run(args).into(),
        Err(error) => {
            // Printing fails only when the stream is closed, and then nobody is there to be told.
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
        }
    }
}
