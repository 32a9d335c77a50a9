//! A workbook of records in a compound file.

#![no_main]

gouji_fuzz::reader!(Xls);
