//! A workbook of XML parts.

#![no_main]

gouji_fuzz::reader!(Xlsx);
