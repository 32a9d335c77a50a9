//! Whatever the bytes, reading ends in a result.

use crate::{files_below, root};
use gouji::limits::Limits;
use gouji::{Library, Options, Selection};
use proptest::prelude::*;
use std::fs;
use std::path::PathBuf;

/// Small caps: what is made here is small, and a case must not take long.
fn options() -> Options {
    let limits = Limits { unpacked_bytes: 16 << 20, pages: 50, glyphs: 50_000, cells: 50_000, ..Limits::default() };
    Options { limits, ..Options::default() }
}

fn read(bytes: &[u8]) {
    let library = Library::builtin().unwrap();
    if let Ok(extraction) = gouji::extract(bytes, "case", &options(), &library) {
        assert!(!extraction.reports.is_empty());
        for report in gouji::emit::Report::all(&extraction, gouji::Lang::En) {
            gouji::emit::json::pretty(&report).unwrap();
        }
    }
    let _ = gouji::tables(bytes, "case", &options(), &Selection::default());
}

/// Fixtures of up to 100 kB, to be damaged.
fn seeds() -> Vec<PathBuf> {
    let inputs = files_below(&root().join("fixtures")).into_iter();
    let inputs = inputs.filter(|file| file.file_stem().is_some_and(|stem| stem == "input"));
    inputs.filter(|file| fs::metadata(file).is_ok_and(|file| file.len() <= 100_000)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(start in "(%PDF-1\\.7\n|PK\u{3}\u{4}|<html>|<table>|)", rest in prop::collection::vec(any::<u8>(), 0..2000)) {
        read(&[start.as_bytes(), &rest].concat());
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(\\PC|\n|\\||一、总体情况\n|总计 [0-9]{1,3}\n){0,200}") {
        read(text.as_bytes());
    }

    #[test]
    fn damaged_fixtures_are_read_or_refused(
        which in any::<prop::sample::Index>(),
        cut in any::<prop::sample::Index>(),
        whole in any::<bool>(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20),
    ) {
        let seeds = seeds();
        prop_assume!(!seeds.is_empty());
        let mut bytes = fs::read(which.get(&seeds)).unwrap();
        prop_assume!(!bytes.is_empty());
        for (at, byte) in damage {
            *at.get_mut(bytes.as_mut_slice()) = byte;
        }
        if !whole {
            bytes.truncate(cut.index(bytes.len()));
        }
        read(&bytes);
    }
}
