//! The operators of a page, the map of a font to Unicode and the font's dictionary, in a PDF that is otherwise sound.

#![no_main]

use gouji::page::Format;
use gouji_fuzz::{mutator, pdf, read, watch};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: watch(), |input: &[u8]| {
    read(&pdf::around(input), &[Format::Pdf]);
});
mutator!();
