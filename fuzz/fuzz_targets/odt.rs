//! A text of the Open Document Format.

#![no_main]

gouji_fuzz::reader!(Odt);
