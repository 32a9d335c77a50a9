//! An OFD package.

#![no_main]

gouji_fuzz::reader!(Ofd);
