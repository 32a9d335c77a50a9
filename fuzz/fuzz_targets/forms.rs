//! A form file: parsed, linted, and, where it loads, bound to a small document that the seed `mini` describes.

#![no_main]

use gouji_fuzz::{mutator, promises, watch};
use libfuzzer_sys::{Corpus, fuzz_target};

/// The document; the built-in forms know nothing of it.
const DOCUMENT: &[u8] = include_bytes!("../seeds/mini.md");

fuzz_target!(init: watch(), |bytes: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(bytes) else { return Corpus::Reject };
    let mut library = promises::builtin().clone();
    if library.add("fuzz.toml", text).is_ok() {
        promises::extract(DOCUMENT, &library);
    }
    Corpus::Keep
});
mutator!();
