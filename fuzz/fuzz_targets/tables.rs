//! The pipe without forms: any bytes to every table in all output formats.

#![no_main]

use gouji_fuzz::{mutator, promises, watch};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: watch(), |bytes: &[u8]| promises::tables(bytes));
mutator!();
