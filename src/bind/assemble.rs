//! From occurrences of blocks to the tables of one report: editions chosen, continuations joined.

use super::lexicon::{BlockForm, Lexicon};
use super::occurrence::{Occurrence, same_block};
use super::values;
use super::view::View;
use super::{BlockReading, Evidence, RowReading, RowValues, TableReading};
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
    /// Whether `next` holds rows of the same block that are not there yet, and none that are.
    pub(super) fn is_continued_by(&self, next: &Occurrence, lexicon: &Lexicon<'_>) -> bool {
        same_block(lexicon, self.first.block, next.block) && {
            let keys = |o: &Occurrence| keys(o, lexicon);
            let have: Vec<&str> = std::iter::once(&self.first).chain(&self.more).flat_map(keys).collect();
            keys(next).iter().all(|key| !have.contains(key))
        }
    }
}

/// Keys of the rows that an occurrence holds.
fn keys<'a>(occurrence: &Occurrence, lexicon: &'a Lexicon<'_>) -> Vec<&'a str> {
    let Some(block) = lexicon.blocks.get(occurrence.block) else { return Vec::new() };
    let rows = block.rows.iter().zip(&occurrence.rows);
    rows.filter(|(_, found)| found.is_some()).map(|(row, _)| row.key.as_str()).collect()
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

/// The edition of each block: where several fit equally, the one that most other blocks follow.
fn editions<'l>(found: &[Found], lexicon: &'l Lexicon<'l>) -> Vec<&'l BlockForm<'l>> {
    let certain: Vec<&str> = found
        .iter()
        .filter(|f| f.first.equals.is_empty())
        .filter_map(|f| Some(lexicon.blocks.get(f.first.block)?.form.id.as_str()))
        .collect();
    let votes = |form: &str| certain.iter().filter(|id| **id == form).count();
    found
        .iter()
        .filter_map(|f| {
            let options = std::iter::once(f.first.block).chain(f.first.equals.iter().copied());
            // The first of equals is the newest edition.
            let best = options.rev_max_by_key(|i| lexicon.blocks.get(*i).map_or(0, |b| votes(&b.form.id)));
            lexicon.blocks.get(best?)
        })
        .collect()
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
        rows: block.rows.iter().filter(|r| !r.heading).map(|r| absent_row(&r.key)).collect(),
    }
}

fn absent_row(key: &str) -> RowReading {
    RowReading { key: key.to_owned(), evidence: Evidence::Label, values: RowValues::Absent }
}

/// Reads all rows of a block, each from the occurrence that holds it.
fn read(found: &Found, form: &BlockForm<'_>, views: &[(usize, View<'_>)], lexicon: &Lexicon<'_>) -> BlockReading {
    let rows = form
        .rows
        .iter()
        .map(|row| {
            let at = std::iter::once(&found.first).chain(&found.more).find_map(|o| {
                let block = lexicon.blocks.get(o.block)?;
                let index = block.rows.iter().position(|r| r.key == row.key)?;
                Some((o, block, (*o.rows.get(index)?)?))
            });
            let Some((occurrence, block, place)) = at else { return absent_row(&row.key) };
            let values = views
                .iter()
                .find(|(grid, _)| *grid == occurrence.grid)
                .map_or(RowValues::Absent, |(_, view)| values::read(view, block, &occurrence.columns, place));
            RowReading { key: row.key.clone(), evidence: place.evidence, values }
        })
        .collect();
    BlockReading {
        id: form.block.id.clone(),
        form: form.form.id.clone(),
        columns: form.columns.iter().map(|c| c.key.clone()).collect(),
        rows,
    }
}

/// The places of all grids that hold rows of these blocks, each once.
fn parts(own: &[(&Found, &BlockForm<'_>)], views: &[(usize, View<'_>)]) -> Vec<Place> {
    let mut grids: Vec<usize> =
        own.iter().flat_map(|(f, _)| std::iter::once(&f.first).chain(&f.more)).map(|o| o.grid).collect();
    grids.sort_unstable();
    grids.dedup();
    views
        .iter()
        .filter(|(grid, _)| grids.contains(grid))
        .flat_map(|(_, view)| view.grid.parts.iter().map(|p| p.place.clone()))
        .collect()
}
