//! From occurrences of blocks to the tables of one report: editions chosen, continuations joined.

use super::lexicon::{BlockForm, Lexicon};
use super::occurrence::{Edition, Occurrence, count};
use super::view::View;
use super::{BlockReading, Evidence, Labels, RowReading, RowValues, TableReading, printed, values};
use crate::form::{self, Form};
use crate::place::Place;

/// One block of a report: where it was found first, and where it goes on.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// The occurrence with the header, or the first.
    pub first: Occurrence,
    /// Continuations that hold rows the first lacks.
    pub more: Vec<Occurrence>,
}

impl Found {
    /// All stretches of the block.
    fn stretches(&self) -> impl Iterator<Item = &Occurrence> {
        std::iter::once(&self.first).chain(&self.more)
    }

    /// Whether `next` holds rows of the same block that are not there yet, and none that are.
    pub(super) fn is_continued_by(&self, next: &Occurrence) -> bool {
        next.editions.iter().any(|edition| {
            let mut same = self.stretches().filter_map(|o| o.edition(edition.block)).peekable();
            same.peek().is_some() && same.all(|have| apart(have, edition))
        })
    }

    /// How well all stretches together fit an edition of the block.
    fn fit(&self, block: usize) -> f32 {
        let editions: Vec<&Edition> = self.stretches().filter_map(|o| o.edition(block)).collect();
        let rows = editions.iter().map(|e| e.rows.len()).max().unwrap_or(0);
        let found = |row: usize| editions.iter().any(|e| e.rows.get(row).is_some_and(Option::is_some));
        let missing = (0..rows).filter(|row| !found(*row)).count();
        editions.iter().map(|e| e.fit).sum::<f32>() - 0.5 * count(missing)
    }
}

/// Whether no row is in both.
fn apart(a: &Edition, b: &Edition) -> bool {
    a.rows.iter().zip(&b.rows).all(|(a, b)| a.is_none() || b.is_none())
}

/// The tables of one report.
pub(super) fn tables(found: &[Found], views: &[(usize, View<'_>)], lexicon: &Lexicon<'_>) -> Vec<TableReading> {
    let editions = editions(found, lexicon);
    let Some(main) = majority(&editions) else { return Vec::new() };
    let mut ids: Vec<&str> = main.tables.iter().map(|t| t.id.as_str()).collect();
    for block in &editions {
        if !ids.contains(&block.table.id.as_str()) {
            ids.push(&block.table.id);
        }
    }
    ids.into_iter().filter_map(|id| table(id, found, &editions, main, views, lexicon)).collect()
}

/// The edition of each block: the one that fits best; of equals, the one that most other blocks follow.
fn editions<'l>(found: &[Found], lexicon: &'l Lexicon<'l>) -> Vec<&'l BlockForm<'l>> {
    let best: Vec<Vec<&BlockForm<'_>>> = found.iter().map(|f| best_editions(f, lexicon)).collect();
    let certain: Vec<&str> = best
        .iter()
        .filter_map(|b| if let [only] = b.as_slice() { Some(only.form.id.as_str()) } else { None })
        .collect();
    let votes = |form: &str| certain.iter().filter(|id| **id == form).count();
    // The first of equals is the newest edition.
    best.into_iter().filter_map(|b| b.into_iter().rev_max_by_key(|b| votes(&b.form.id))).collect()
}

/// The editions that fit a block best, all of them if several fit equally.
fn best_editions<'l>(found: &Found, lexicon: &'l Lexicon<'l>) -> Vec<&'l BlockForm<'l>> {
    let fits: Vec<(usize, f32)> = found.first.editions.iter().map(|e| (e.block, found.fit(e.block))).collect();
    let top = fits.iter().map(|(_, fit)| *fit).fold(f32::NEG_INFINITY, f32::max);
    let mut blocks: Vec<usize> = fits.into_iter().filter(|(_, fit)| *fit > top - 0.001).map(|(b, _)| b).collect();
    blocks.sort_unstable();
    blocks.into_iter().filter_map(|b| lexicon.blocks.get(b)).collect()
}

/// The form that most blocks follow; the first of equals.
pub(super) fn majority<'l>(editions: &[&'l BlockForm<'l>]) -> Option<&'l Form> {
    let votes = |form: &Form| editions.iter().filter(|b| b.form.id == form.id).count();
    editions.iter().map(|b| b.form).rev_max_by_key(|form| votes(form))
}

/// `max_by_key` that gives the first of equals.
trait RevMax: Iterator + Sized {
    fn rev_max_by_key<K: Ord>(self, key: impl Fn(&Self::Item) -> K) -> Option<Self::Item> {
        self.fold(None, |best: Option<(K, Self::Item)>, item| {
            let k = key(&item);
            match best {
                Some((b, kept)) if b >= k => Some((b, kept)),
                _ => Some((k, item)),
            }
        })
        .map(|(_, item)| item)
    }
}

impl<I: Iterator> RevMax for I {}

fn table(
    id: &str,
    found: &[Found],
    editions: &[&BlockForm<'_>],
    main: &Form,
    views: &[(usize, View<'_>)],
    lexicon: &Lexicon<'_>,
) -> Option<TableReading> {
    let own: Vec<(&Found, &BlockForm<'_>)> =
        found.iter().zip(editions.iter().copied()).filter(|(_, block)| block.table.id == id).collect();
    if own.is_empty() {
        return None;
    }
    let blocks_of: Vec<&BlockForm<'_>> = own.iter().map(|(_, block)| *block).collect();
    let votes = |form: &Form| blocks_of.iter().filter(|b| b.form.id == form.id).count();
    let edition = blocks_of.iter().map(|b| b.form).rev_max_by_key(|f| (votes(f), f.id == main.id))?;
    let listed = edition.tables.iter().find(|t| t.id == id)?;
    let mut blocks: Vec<BlockReading> = listed
        .blocks
        .iter()
        .map(|block| match own.iter().find(|(_, b)| b.block.id == block.id) {
            Some((found, form)) => read(found, form, views, lexicon),
            None => absent(edition, block),
        })
        .collect();
    let extra = own.iter().filter(|(_, b)| !listed.blocks.iter().any(|l| l.id == b.block.id));
    blocks.extend(extra.map(|(found, form)| read(found, form, views, lexicon)));
    Some(TableReading { id: id.to_owned(), form: edition.id.clone(), parts: parts(&own, views), blocks })
}

/// A block of the form that the document lacks.
fn absent(form: &Form, block: &form::Block) -> BlockReading {
    BlockReading {
        id: block.id.clone(),
        form: form.id.clone(),
        columns: block.columns.iter().map(|c| c.key.clone()).collect(),
        labels: Labels::default(),
        rows: block.rows.iter().filter(|r| !r.heading).map(|r| absent_row(&r.key)).collect(),
    }
}

fn absent_row(key: &str) -> RowReading {
    RowReading { key: key.to_owned(), evidence: Evidence::Label, values: RowValues::Absent }
}

/// Reads all rows of a block, each from the occurrence that holds it.
fn read<'f>(
    found: &'f Found,
    form: &BlockForm<'_>,
    views: &[(usize, View<'_>)],
    lexicon: &Lexicon<'_>,
) -> BlockReading {
    let view_of = |o: &Occurrence| views.iter().find(|(grid, _)| *grid == o.grid).map(|(_, view)| view);
    let edition_of = |o: &'f Occurrence| o.editions.iter().find(|e| is(lexicon, e.block, form));
    let mut labels = Labels::default();
    for occurrence in found.stretches() {
        if let Some((view, edition)) = view_of(occurrence).zip(edition_of(occurrence)) {
            for (key, label) in printed::columns(view, form, &edition.columns) {
                labels.columns.entry(key).or_insert(label);
            }
        }
    }
    let rows = form
        .rows
        .iter()
        .enumerate()
        .map(|(index, row)| {
            let at = found.stretches().find_map(|o| {
                let edition = edition_of(o)?;
                Some((view_of(o)?, edition, (*edition.rows.get(index)?)?))
            });
            let Some((view, edition, place)) = at else { return absent_row(&row.key) };
            labels.rows.extend(printed::row(view, place).map(|label| (row.key.clone(), label)));
            let values = values::read(view, form, &edition.columns, place);
            RowReading { key: row.key.clone(), evidence: place.evidence, values }
        })
        .collect();
    BlockReading {
        id: form.block.id.clone(),
        form: form.form.id.clone(),
        columns: form.columns.iter().map(|c| c.key.clone()).collect(),
        labels,
        rows,
    }
}

/// The places of all grids that hold rows of these blocks, each once.
fn parts(own: &[(&Found, &BlockForm<'_>)], views: &[(usize, View<'_>)]) -> Vec<Place> {
    let mut grids: Vec<usize> = own.iter().flat_map(|(f, _)| f.stretches()).map(|o| o.grid).collect();
    grids.sort_unstable();
    grids.dedup();
    views
        .iter()
        .filter(|(grid, _)| grids.contains(grid))
        .flat_map(|(_, view)| view.grid.parts.iter().map(|p| p.place.clone()))
        .collect()
}

/// Whether `block` of the lexicon is `form`.
fn is(lexicon: &Lexicon<'_>, block: usize, form: &BlockForm<'_>) -> bool {
    lexicon.blocks.get(block).is_some_and(|b| std::ptr::eq(b, form))
}
