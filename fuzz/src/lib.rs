//! What the fuzz targets share: which panics count, reading one format, and mutations that reach inside packages.
//!
//! It holds no expectations of its own; those of the whole pipe are in [`promises`].

mod container;
pub mod mutate;
pub mod pdf;
pub mod promises;

use gouji::Options;
use gouji::finding::Findings;
use gouji::page::Format;
use gouji::source;
use std::backtrace::Backtrace;
use std::panic::PanicHookInfo;

/// What the output calls every input.
pub const NAME: &str = "fuzz";

/// Where the sources of foreign crates and of the standard library lie.
const FOREIGN: [&str; 3] = ["/registry/src/", "/rustc/", "/library/"];

/// Lets only panics of gouji's own code end the process. A foreign reader may panic: gouji catches that and makes an
/// error of it, and what it did not catch ends the process all the same, at the border to libFuzzer.
pub fn watch() {
    std::panic::set_hook(Box::new(|panic| {
        if is_own(panic) {
            eprintln!("{panic}\n{}", Backtrace::force_capture());
            std::process::abort();
        }
    }));
}

/// Whether the panic was raised by gouji. One that the standard library raises for its caller is its caller's.
fn is_own(panic: &PanicHookInfo<'_>) -> bool {
    let foreign = |text: &str| FOREIGN.iter().any(|folder| text.contains(folder));
    let file = panic.location().map_or("", |location| location.file());
    if !file.contains("/rustc/") {
        return !foreign(file);
    }
    // Lines read `at <file>:<line>`; those before the standard library began to panic are of this hook.
    let trace = Backtrace::force_capture().to_string();
    let raised = trace.rsplit_once("core::panicking::").map_or(trace.as_str(), |(_, raised)| raised);
    let frames = raised.lines().filter_map(|line| line.trim().strip_prefix("at "));
    let mut callers = frames.filter(|at| !at.contains("/rustc/"));
    callers.next().is_none_or(|at| !foreign(at))
}

/// Reads `bytes` if they are of one of these formats; `false` if they are not, so that they are not kept.
pub fn read(bytes: &[u8], formats: &[Format]) -> bool {
    let told = source::sniff(bytes);
    if !told.is_ok_and(|format| formats.contains(&format)) {
        return false;
    }
    // Any result will do: what counts is that there is one.
    let _ = source::read(bytes, &Options::default(), &mut Findings::new());
    true
}

/// Has a target's inputs changed by [`mutate`].
#[macro_export]
macro_rules! mutator {
    () => {
        libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
            $crate::mutate::mutate(data, size, max_size, seed)
        });
    };
}

/// A target that reads one format, or formats that have one reader.
#[macro_export]
macro_rules! reader {
    ($($format:ident),+) => {
        use gouji::page::Format;
        use libfuzzer_sys::{Corpus, fuzz_target};

        fuzz_target!(init: $crate::watch(), |bytes: &[u8]| -> Corpus {
            if $crate::read(bytes, &[$(Format::$format),+]) { Corpus::Keep } else { Corpus::Reject }
        });
        $crate::mutator!();
    };
}
