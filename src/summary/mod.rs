//! A dataset in, one page out: what is there, what is missing, what does not tie, and what to look at first.
//!
//! ```text
//! dataset::Folder ─facts→ Facts ─┬→ problems, coverage, figures   sections of HTML, with plots
//!                                └→ html                          the page around them
//! ```
//! The page needs nothing but itself: no script, no font, no picture from elsewhere. Nothing is judged that the dataset has
//! not judged; blanks are never added up as 0. Rows stream; only the index of reports is kept.

mod coverage;
mod facts;
mod figures;
mod html;
mod plot;
mod problems;

use crate::dataset::{Failure, Folder};
use crate::text::Lang;
use facts::Facts;

/// The page about the dataset in `folder`. `link` turns the path of an input into an address, where it has one.
pub fn page(folder: &Folder, lang: Lang, link: &dyn Fn(&str) -> Option<String>) -> Result<String, Failure> {
    let facts = Facts::gather(folder)?;
    let writer = html::Writer { lang, link };
    let sections = [
        problems::section(&facts, &writer),
        coverage::section(&facts, &writer),
        figures::ties(&facts, &writer),
        figures::cells(&facts, &writer),
        figures::series(&facts, &writer),
        coverage::editions(&facts, &writer),
    ];
    Ok(writer.page(&coverage::headline(&facts, &writer), &sections.concat()))
}
