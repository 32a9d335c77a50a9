//! The whole pipe: any bytes to reports as JSON.

#![no_main]

use gouji_fuzz::{mutator, promises, watch};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: watch(), |bytes: &[u8]| promises::extract(bytes, promises::builtin()));
mutator!();
