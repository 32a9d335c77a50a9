//! An OpenDocument spreadsheet.

#![no_main]

gouji_fuzz::reader!(Ods);
