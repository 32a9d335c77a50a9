//! A Word document.

#![no_main]

gouji_fuzz::reader!(Docx);
