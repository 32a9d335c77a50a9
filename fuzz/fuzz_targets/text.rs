//! Plain text and Markdown.

#![no_main]

gouji_fuzz::reader!(Text, Markdown);
