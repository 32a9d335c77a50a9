//! A document in Rich Text Format.

#![no_main]

gouji_fuzz::reader!(Rtf);
