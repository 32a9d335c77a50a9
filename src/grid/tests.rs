//! The stage as a whole on pages made by hand: tables over pages, tables without rules, and what must hold for any ink.

use super::{Block, Blocks, Doubt, Grid, Method, Region, Sight, Verdict, build, testing, trail};
use crate::finding::Findings;
use crate::geom::Rect;
use crate::limits::Limits;
use crate::page::{Axis, Body, Document, Format, Glyph, Layer, Page, Ruling, Runs, StructCell, StructTable};

const SIZE: f32 = 10.0;

fn glyphs(text: &str, x: f32, base: f32) -> Vec<Glyph> {
    testing::word(text, x, base, SIZE)
        .into_iter()
        .map(|i| Glyph {
            char: i.ch,
            bbox: i.rect,
            origin: i.origin,
            size: i.size,
            turn: i.turn,
            layer: Layer::Ink,
            bold: false,
            run: 0,
            font: 0,
        })
        .collect()
}

fn page(number: u32, glyphs: Vec<Glyph>, rulings: Vec<Ruling>) -> Page {
    Page { number, width: 600.0, height: 800.0, glyphs, rulings, ..Page::default() }
}

/// A page with one ruled table: rows 20 points high from `top`, borders of columns at `xs`.
fn ruled(number: u32, top: f32, xs: &[f32], rows: &[&[&str]]) -> Page {
    let (left, right) = (xs[0], xs[xs.len() - 1]);
    let mut at = top;
    let mut ink = Vec::new();
    let line = |axis, at, from, to| Ruling { axis, at, from, to, width: 0.5 };
    let mut rulings = vec![line(Axis::Horizontal, top, left, right)];
    for row in rows {
        for (text, x) in row.iter().zip(xs) {
            ink.extend(glyphs(text, x + 4.0, at + 14.0));
        }
        at += 20.0;
        rulings.push(line(Axis::Horizontal, at, left, right));
    }
    rulings.extend(xs.iter().map(|x| line(Axis::Vertical, *x, top, at)));
    page(number, ink, rulings)
}

fn read(pages: Vec<Page>) -> Blocks {
    let document = Document { format: Format::Pdf, body: Body::Pages(pages), title: None };
    let mut findings = Findings::new();
    build(&document, &Limits::default(), &mut findings)
}

fn grids(blocks: &Blocks) -> Vec<&Grid> {
    blocks
        .items
        .iter()
        .filter_map(|b| match b {
            Block::Grid(grid) => Some(grid),
            Block::Line(_) => None,
        })
        .collect()
}

fn text(grid: &Grid, row: usize, column: usize) -> &str {
    grid.cell_at(row, column).map_or("?", |c| c.text.as_str())
}

const XS: [f32; 4] = [50.0, 150.0, 250.0, 350.0];

#[test]
fn a_table_over_two_pages_is_one_and_its_header_stands_once() {
    let header: &[&str] = &["item", "this year", "last year"];
    let blocks = read(vec![
        ruled(1, 600.0, &XS, &[header, &["1. a", "10", "20"], &["2. b", "30", "40"]]),
        ruled(2, 100.0, &XS, &[header, &["3. c", "50", "60"]]),
    ]);
    let [grid] = grids(&blocks)[..] else { panic!("one table: {blocks:?}") };
    assert_eq!((grid.rows, grid.columns, grid.parts.len(), grid.method), (4, 3, 2, Method::Ruled));
    assert_eq!(grid.parts[1].first_row, 3);
    assert_eq!(text(grid, 3, 2), "60");
}

#[test]
fn a_row_cut_by_the_break_is_joined_and_rows_with_values_are_not() {
    let blocks = read(vec![
        ruled(1, 600.0, &XS, &[&["1. a", "10", "20"], &["2. b (of", "30", "40"]]),
        ruled(2, 100.0, &XS, &[&["which c)", "", ""], &["3. d", "50", "60"]]),
    ]);
    let [grid] = grids(&blocks)[..] else { panic!("one table: {blocks:?}") };
    assert_eq!(grid.rows, 3);
    assert_eq!(grid.cells[3].doubt, Some(Doubt::JoinedOverBreak));
    assert_eq!((text(grid, 1, 0), text(grid, 2, 1)), ("2. b (of\nwhich c)", "50"));
}

#[test]
fn a_line_between_two_tables_keeps_them_apart() {
    let mut second = ruled(2, 100.0, &XS, &[&["3. c", "50", "60"], &["4. d", "70", "80"]]);
    second.glyphs.extend(glyphs("another section", 60.0, 90.0));
    let blocks = read(vec![ruled(1, 600.0, &XS, &[&["1. a", "10", "20"], &["2. b", "30", "40"]]), second]);
    assert_eq!(grids(&blocks).len(), 2);
}

#[test]
fn a_box_around_prose_is_no_table() {
    let blocks = read(vec![ruled(1, 100.0, &[50.0, 350.0], &[&["only words in a frame"]])]);
    assert!(grids(&blocks).is_empty());
    assert!(matches!(&blocks.items[..], [Block::Line(line)] if line.text == "only words in a frame"));
}

#[test]
fn columns_without_rules_are_found_by_alignment() {
    let rows = [["item", "this", "last"], ["alpha", "10", "205"], ["beta", "7", "40"], ["gamma", "", "9"]];
    let mut ink = Vec::new();
    for (row, base) in rows.iter().zip([100.0, 120.0, 140.0, 160.0]) {
        for (word, right) in row.iter().zip([100.0, 200.0, 300.0]) {
            let width = 5.0 * f32::from(u8::try_from(word.len()).unwrap());
            ink.extend(glyphs(word, right - width, base));
        }
    }
    let blocks = read(vec![page(1, ink, Vec::new())]);
    let [grid] = grids(&blocks)[..] else { panic!("one table: {blocks:?}") };
    assert_eq!((grid.rows, grid.columns, grid.method), (4, 3, Method::Aligned));
    assert_eq!((text(grid, 3, 0), text(grid, 3, 1), text(grid, 3, 2)), ("gamma", "", "9"));
}

/// What became of the regions of a page.
fn verdicts(page: Page) -> Vec<(Sight, Verdict)> {
    regions(page).iter().map(|r| (r.sight, r.verdict)).collect()
}

fn regions(page: Page) -> Vec<Region> {
    let document = Document { format: Format::Pdf, body: Body::Pages(vec![page]), title: None };
    trail(&document, 1).unwrap().regions
}

/// Glyphs of rows of words that begin at the same places.
fn aligned(rows: &[&[&str]], xs: &[f32], top: f32) -> Vec<Glyph> {
    let bases = (0u8..).map(|i| top + 16.0 * f32::from(i));
    let row = |(row, base): (&&[&str], f32)| -> Vec<Glyph> {
        row.iter().zip(xs).flat_map(|(word, x)| glyphs(word, *x, base)).collect()
    };
    rows.iter().zip(bases).flat_map(row).collect()
}

#[test]
fn the_trail_shows_edges_and_crossings() {
    let shown = ruled(1, 100.0, &XS, &[&["a", "10", "20"], &["b", "30", "40"]]);
    let document = Document { format: Format::Pdf, body: Body::Pages(vec![shown]), title: None };
    let trail = trail(&document, 1).unwrap();
    assert_eq!((trail.across.len(), trail.down.len(), trail.crossings.len()), (3, XS.len(), 3 * XS.len()));
    let [region] = &trail.regions[..] else { panic!("one region: {trail:?}") };
    assert_eq!((region.sight, region.verdict), (Sight::Lattice, Verdict::Table));
    assert_eq!((region.columns.len(), region.rows.len()), (XS.len() - 1, 3));
    assert!(region.to_string().starts_with("lattice: table, 3 columns, 2 rows. Taken"), "{region}");
    assert_eq!(super::trail(&document, 2), None);
}

#[test]
fn lattices_are_refused_for_a_reason() {
    let empty = ruled(1, 100.0, &XS, &[&["", "", ""], &["", "", ""]]);
    assert_eq!(verdicts(empty), [(Sight::Lattice, Verdict::Empty)]);
    let piece = ruled(1, 100.0, &[50.0, 300.0], &[&["only words in a frame"]]);
    assert_eq!(verdicts(piece), [(Sight::Lattice, Verdict::Piece)]);
    let mut framed = ruled(1, 100.0, &XS, &[&["a", "10", "20"], &["b", "30", "40"]]);
    let line = |axis, at, from, to| Ruling { axis, at, from, to, width: 0.5 };
    framed.rulings.extend([line(Axis::Horizontal, 60.0, 20.0, 560.0), line(Axis::Horizontal, 300.0, 20.0, 560.0)]);
    framed.rulings.extend([line(Axis::Vertical, 20.0, 60.0, 300.0), line(Axis::Vertical, 560.0, 60.0, 300.0)]);
    assert_eq!(verdicts(framed), [(Sight::Lattice, Verdict::Frame), (Sight::Lattice, Verdict::Table)]);
}

#[test]
fn stretches_are_refused_for_a_reason() {
    let xs = [50.0, 200.0, 350.0];
    let shown = |rows: &[&[&str]]| page(1, aligned(rows, &xs, 100.0), Vec::new());
    let taken = shown(&[&["item", "this", "last"], &["alpha", "10", "205"], &["beta", "7", "40"]]);
    let [region] = &regions(taken)[..] else { panic!("one region") };
    assert_eq!((region.verdict, region.columns.len(), region.headings), (Verdict::Table, 3, 1));
    assert_eq!(verdicts(shown(&[&["one", "two", "three"]])), [(Sight::Stretch, Verdict::Sparse)]);
    let words = ["a long entry of names", "a long entry of places", "a long entry of times"];
    assert_eq!(verdicts(shown(&[&words, &words])), [(Sight::Stretch, Verdict::FewFigures)]);
    let text = ["some words", "of a line", "set flush"];
    let flush: Vec<Glyph> =
        (0u8..3).flat_map(|i| aligned(&[&text], &[50.0, 200.0, 350.0], 100.0 + 14.0 * f32::from(i))).collect();
    assert_eq!(verdicts(page(1, flush, Vec::new())), [(Sight::Stretch, Verdict::Stretched)]);
    let contents = shown(&[&["chapter.....................1"], &["another.....................9"]]);
    assert_eq!(verdicts(contents), [(Sight::Stretch, Verdict::Contents)]);
}

#[test]
fn what_is_given_as_a_table_is_not_judged() {
    let words = ["a long entry of names", "a long entry of places", "a long entry of times"];
    let mut given = page(1, aligned(&[&words, &words], &[50.0, 200.0, 350.0], 100.0), Vec::new());
    assert_eq!(grids(&read(vec![given.clone()])).len(), 0);
    given.given = true;
    let blocks = read(vec![given]);
    let [grid] = grids(&blocks)[..] else { panic!("one table: {blocks:?}") };
    assert_eq!((grid.rows, grid.columns), (2, 3));
}

/// States a table over the page: rows of cells, each the number of glyphs that follow those of the cell before.
fn state(page: &mut Page, rows: &[&[usize]]) {
    let (mut glyphs, mut run) = (page.glyphs.iter_mut(), 1..);
    let mut cell = |count: &usize| {
        let number = run.next().unwrap();
        glyphs.by_ref().take(*count).for_each(|g| g.run = number);
        let content = vec![Runs { page: page.number, runs: number..number + 1 }];
        StructCell { row_span: 1, column_span: Some(1), content, ..StructCell::default() }
    };
    let rows = rows.iter().map(|row| row.iter().map(&mut cell).collect()).collect();
    page.tables.push(StructTable { rows });
}

#[test]
fn a_stated_table_is_taken_where_no_rules_make_one() {
    // No alignment would part the wrapped names into rows.
    let words = [("name", 50.0, 100.0), ("since", 200.0, 100.0), ("first of", 50.0, 120.0), ("them", 50.0, 132.0)];
    let more = [("1", 200.0, 120.0), ("second of", 50.0, 144.0), ("them", 50.0, 156.0), ("2", 200.0, 144.0)];
    let ink = words.iter().chain(&more).flat_map(|&(text, x, base)| glyphs(text, x, base)).collect();
    let mut one = page(1, ink, Vec::new());
    state(&mut one, &[&[4, 5], &[12, 1], &[13, 1]]);
    one.glyphs.extend(glyphs("some words above", 50.0, 60.0));
    let blocks = read(vec![one]);
    let [Block::Line(line), Block::Grid(grid)] = &blocks.items[..] else { panic!("{blocks:?}") };
    assert_eq!((line.text.as_str(), grid.method), ("some words above", Method::Stated));
    assert_eq!((text(grid, 1, 0), text(grid, 2, 0), text(grid, 2, 1)), ("first of\nthem", "second of\nthem", "2"));
}

#[test]
fn rules_come_before_what_is_stated() {
    let mut one = ruled(1, 600.0, &XS, &[&["a", "10", "20"], &["b", "30", "40"]]);
    state(&mut one, &[&[1, 2, 2], &[1, 2, 2]]);
    let blocks = read(vec![one.clone()]);
    assert_eq!(grids(&blocks)[0].method, Method::Ruled);
    let seen = verdicts(one.clone());
    assert!(
        seen.contains(&(Sight::Lattice, Verdict::Table)) && seen.contains(&(Sight::Tags, Verdict::Ruled)),
        "{seen:?}"
    );
    // A frame alone is no table.
    one.rulings = ruled(1, 600.0, &[50.0, 350.0], &[&[""], &[""]]).rulings;
    let blocks = read(vec![one.clone()]);
    let [grid] = grids(&blocks)[..] else { panic!("one table: {blocks:?}") };
    assert_eq!((grid.rows, grid.columns, grid.method), (2, 3, Method::Stated));
    let seen = verdicts(one);
    assert!(
        seen.contains(&(Sight::Lattice, Verdict::Stated)) && seen.contains(&(Sight::Tags, Verdict::Table)),
        "{seen:?}"
    );
}

#[test]
fn only_ink_makes_text() {
    let mut shown = ruled(1, 100.0, &XS, &[&["a", "10", "20"], &["b", "30", "40"]]);
    let mut hidden = glyphs("999", 160.0, 114.0);
    for glyph in &mut hidden {
        glyph.layer = Layer::Invisible;
    }
    shown.glyphs.extend(hidden);
    let blocks = read(vec![shown]);
    assert_eq!(text(grids(&blocks)[0], 0, 1), "10");
}

#[test]
fn what_is_not_finite_is_left_out() {
    let mut odd = ruled(1, 100.0, &XS, &[&["a", "10", "20"], &["b", "30", "40"]]);
    let first = odd.glyphs[0];
    odd.glyphs.push(Glyph { bbox: Rect { x0: f32::NAN, ..first.bbox }, ..first });
    odd.rulings.push(Ruling { axis: Axis::Vertical, at: f32::INFINITY, from: 0.0, to: f32::NAN, width: 1.0 });
    assert_eq!(grids(&read(vec![odd])).len(), 1);
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 64, ..Default::default() })]
    #[test]
    fn every_grid_is_tiled(
        words in proptest::collection::vec((0u16..560, 1u16..40, "[0-9a-z一-九]{1,8}"), 0..60),
        lines in proptest::collection::vec((proptest::bool::ANY, 0u16..40, 0u16..40, 1u16..40), 0..30),
        cut in 0u16..40,
    ) {
        let rulings: Vec<Ruling> = lines.iter().map(|&(across, at, from, length)| Ruling {
            axis: if across { Axis::Horizontal } else { Axis::Vertical },
            at: f32::from(at) * 19.0,
            from: f32::from(from) * 14.0,
            to: f32::from(from + length) * 14.0,
            width: 0.5,
        }).collect();
        let ink = |upper: bool| words
            .iter()
            .filter(|(_, row, _)| (*row < cut) == upper)
            .flat_map(|(x, row, word)| glyphs(word, f32::from(*x), f32::from(*row) * 19.0))
            .collect();
        let whole = Page { given: true, ..page(1, ink(true), rulings.clone()) };
        for grid in grids(&read(vec![whole])) {
            proptest::prop_assert!(grid.is_tiled(), "{grid:?}");
        }
        let blocks = read(vec![page(1, ink(true), rulings.clone()), page(2, ink(false), rulings)]);
        for grid in grids(&blocks) {
            proptest::prop_assert!(grid.is_tiled(), "{grid:?}");
        }
    }
}
