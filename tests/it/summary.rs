//! The page about a dataset: complete by itself, the same every time, and safe whatever a document says.

use crate::{files_below, sample};
use gouji::Lang;
use gouji::dataset::Folder;
use gouji::summary;
use std::fs;
use std::path::Path;

/// What a document might say to run in a reader's browser.
const HOSTILE: &str = "<script>alert(1)</script>\"' onmouseover=x";

fn pages(name: &str) -> [String; 2] {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("summary-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    let folder = sample::dataset(&path, |report| {
        if report.report.year == Some(2021) {
            report.report.title = Some(HOSTILE.into());
            report.report.issuer = Some(HOSTILE.into());
        }
    });
    let link = |input: &str| Some(format!("../{input}"));
    let page = |folder: &Folder, lang| summary::page(folder, lang, &link).unwrap();
    let pages = [Lang::En, Lang::Zh].map(|lang| page(&folder, lang));
    assert!(pages[0] == page(&folder, Lang::En), "the same bytes again");
    assert!(!files_below(&path).is_empty());
    fs::remove_dir_all(&path).unwrap();
    pages
}

#[test]
fn the_page_needs_nothing_else_and_runs_nothing() {
    for page in pages("alone") {
        let lower = page.to_lowercase();
        for outside in ["src=", "@import", "url(", "<script", "<link", "<iframe", "href=\"http"] {
            assert!(!lower.contains(outside), "{outside}");
        }
        // Names of SVG, which nothing fetches, are the only addresses.
        assert_eq!(page.matches("http").count(), page.matches("xmlns=\"http://www.w3.org/2000/svg\"").count());
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39; onmouseover=x"));
        assert_eq!(page.matches("<svg").count(), 3);
    }
}

#[test]
fn the_page_tells_what_is_missing_what_fails_and_over_how_many_reports() {
    let [en, zh] = pages("tells");
    assert!(en.contains("<code>empty-input</code>"), "an input that failed");
    assert!(en.contains("class=\"gap\""), "a year without a report");
    assert!(en.contains("review_litigation.group_total.reconsideration"), "a tie that fails");
    assert!(en.contains("wrong-review-totals"), "the input it is in");
    assert!(en.contains("over reports that have a number") && zh.contains("从不当作 0"));
    assert!(zh.contains("不成立的勾稽关系") && !zh.contains("Ties that fail"));
}
