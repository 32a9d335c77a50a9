//! Spreadsheets in, lines and tables out.
