//! Any PDF, as its bytes are.

#![no_main]

gouji_fuzz::reader!(Pdf);
