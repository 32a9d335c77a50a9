//! A web page.

#![no_main]

gouji_fuzz::reader!(Html);
