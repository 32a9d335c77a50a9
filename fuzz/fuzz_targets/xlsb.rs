//! A workbook of binary parts.

#![no_main]

gouji_fuzz::reader!(Xlsb);
