//! What `gouji inspect` prints: what the stages made of an input, in words; or a page of it, drawn by `trace`.

use crate::talk::clean;
use gouji::bind::{BlockReading, RowValues};
use gouji::grid::{Block, Grid, Trail};
use gouji::page::{Body, FlowItem, Layer, Page};
use gouji::place::Place;
use gouji::{Inspection, emit, trace};
use std::fmt::Write as _;

/// Counts, lines and grids, page by page; then the standard tables.
pub(crate) fn words(seen: &Inspection) -> String {
    let mut out = format!("{}  {}  {} bytes\n", clean(&seen.input.name), seen.input.format.name(), seen.input.bytes);
    match &seen.document.body {
        Body::Pages(pages) => {
            for page in pages {
                out.push_str(&page_counts(page));
                let here = seen.blocks.items.iter().filter(|block| pages_of(block).contains(&page.number));
                here.for_each(|block| out.push_str(&block_line(block)));
                let trail = seen.trails.iter().find(|trail| trail.page == page.number);
                out.extend(trail.map(weighed));
            }
        }
        Body::Flow(items) => {
            let tables = items.iter().filter(|item| matches!(item, FlowItem::Table(_))).count();
            let _ = writeln!(out, "lines {}  tables {tables}", items.len() - tables);
            seen.blocks.items.iter().for_each(|block| out.push_str(&block_line(block)));
        }
    }
    out + &bound_tables(seen)
}

fn page_counts(page: &Page) -> String {
    let layer = |layer| page.glyphs.iter().filter(|glyph| glyph.layer == layer).count();
    let unmapped = page.glyphs.iter().filter(|glyph| glyph.char == '\u{FFFD}').count();
    format!(
        "page {}  {:.0} x {:.0} pt  glyphs {} (invisible {}, concealed {}, watermark {}, unmapped {unmapped})  \
         rulings {}  fills {}  images {}\n",
        page.number,
        page.width,
        page.height,
        page.glyphs.len(),
        layer(Layer::Invisible),
        layer(Layer::Concealed),
        layer(Layer::Watermark),
        page.rulings.len(),
        page.fills.len(),
        page.images.len(),
    )
}

/// What was weighed as a table, and why it was or was not taken.
fn weighed(trail: &Trail) -> String {
    let mut out = format!(
        "  weighed  edges {} across, {} down  crossings {}  gutters {}\n",
        trail.across.len(),
        trail.down.len(),
        trail.crossings.len(),
        trail.gutters.len()
    );
    for region in &trail.regions {
        // As `gouji tables --region` takes it.
        let [x0, y0, x1, y1] = [region.bbox.x0, region.bbox.y0, region.bbox.x1, region.bbox.y1];
        let _ = writeln!(out, "    {}:{x0:.0},{y0:.0},{x1:.0},{y1:.0}  {region}", trail.page);
    }
    out
}

/// The pages that a block stands on; none in formats without pages.
fn pages_of(block: &Block) -> Vec<u32> {
    match block {
        Block::Line(line) => line.place.page().into_iter().collect(),
        Block::Grid(grid) => grid.parts.iter().filter_map(|part| part.place.page()).collect(),
    }
}

fn block_line(block: &Block) -> String {
    match block {
        Block::Line(line) => {
            let mark = if line.heading { "# " } else { "" };
            format!("  line  {mark}{}\n", clean(&line.text))
        }
        Block::Grid(grid) => grid_lines(grid),
    }
}

fn grid_lines(grid: &Grid) -> String {
    let mut out =
        format!("  grid  {} rows x {} columns  {:?}  {:?}", grid.rows, grid.columns, grid.method, grid.alignment);
    let places: Vec<String> = grid.parts.iter().map(|part| emit::Place::from(&part.place).to_string()).collect();
    let _ = writeln!(out, "  {}", clean(&places.join(", ")));
    for row in 0..grid.rows {
        let cells = grid.cells.iter().filter(|cell| cell.row == row);
        let texts: Vec<String> = cells.map(|cell| clean(&cell.text.replace('\n', "⏎"))).collect();
        let _ = writeln!(out, "    {row}: {}", texts.join(" | "));
    }
    out
}

/// A line for each standard table that stands on the pages looked at.
fn bound_tables(seen: &Inspection) -> String {
    let looked_at = |place: &Place| match &seen.document.body {
        Body::Pages(pages) => pages.iter().any(|page| place.page() == Some(page.number)),
        Body::Flow(_) => true,
    };
    let mut out = String::new();
    for report in &seen.readings.reports {
        for table in report.tables.iter().filter(|table| table.parts.iter().any(looked_at)) {
            let blocks: Vec<String> = table.blocks.iter().map(block_rows).collect();
            let places: Vec<String> = table.parts.iter().map(|part| emit::Place::from(part).to_string()).collect();
            let line = format!("{}  {}  {}  {}", table.id, table.form, blocks.join(", "), places.join(", "));
            let _ = writeln!(out, "report {}  table {}", report.ordinal, clean(&line));
        }
    }
    out
}

/// How many rows of the form's block were found, and how many of them with their columns still open.
fn block_rows(block: &BlockReading) -> String {
    let count = |matches: fn(&RowValues) -> bool| block.rows.iter().filter(|row| matches(&row.values)).count();
    let found = count(|values| *values != RowValues::Absent);
    let open = match count(|values| matches!(values, RowValues::Loose(_))) {
        0 => String::new(),
        loose => format!(" ({loose} loose)"),
    };
    format!("{} {found}/{} rows{open}", block.id, block.rows.len())
}

/// The first page as SVG; `None` for a format without pages.
pub(crate) fn svg(seen: &Inspection) -> Option<String> {
    let Body::Pages(pages) = &seen.document.body else { return None };
    let draw = |page: &Page| {
        let bound = trace::bound(&seen.readings, &seen.settled, page.number);
        let trail = seen.trails.iter().find(|trail| trail.page == page.number);
        trace::page_svg(page, &seen.blocks, trail, &bound)
    };
    pages.first().map(draw)
}
