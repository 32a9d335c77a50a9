//! A binary Word document.

#![no_main]

gouji_fuzz::reader!(Doc);
