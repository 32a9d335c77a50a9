//! What `gouji inspect` prints: what the readers and the grid stage saw, in words or drawn.

use crate::talk::clean;
use gouji::Inspection;
use gouji::emit;
use gouji::grid::{Block, Grid};
use gouji::page::{Axis, Body, FlowItem, Layer, Page};
use gouji::place::Place;
use std::fmt::Write as _;

/// Counts, lines and grids, page by page.
pub(crate) fn words(seen: &Inspection) -> String {
    let mut out = format!("{}  {}  {} bytes\n", clean(&seen.input.name), seen.input.format.name(), seen.input.bytes);
    match &seen.document.body {
        Body::Pages(pages) => {
            for page in pages {
                out.push_str(&page_counts(page));
                let here = seen.blocks.items.iter().filter(|block| pages_of(block).contains(&page.number));
                here.for_each(|block| out.push_str(&block_line(block)));
            }
        }
        Body::Flow(items) => {
            let tables = items.iter().filter(|item| matches!(item, FlowItem::Table(_))).count();
            let _ = writeln!(out, "lines {}  tables {tables}", items.len() - tables);
            seen.blocks.items.iter().for_each(|block| out.push_str(&block_line(block)));
        }
    }
    out
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

/// The first page as SVG; `None` for a format without pages.
pub(crate) fn svg(seen: &Inspection) -> Option<String> {
    match &seen.document.body {
        Body::Pages(pages) => pages.first().map(|page| draw(page, &seen.blocks.items)),
        Body::Flow(_) => None,
    }
}

/// Glyphs black, rulings blue, cells of grids red.
fn draw(page: &Page, blocks: &[Block]) -> String {
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\">\n",
        page.width, page.height
    );
    for ruling in &page.rulings {
        let (x0, y0, x1, y1) = match ruling.axis {
            Axis::Horizontal => (ruling.from, ruling.at, ruling.to, ruling.at),
            Axis::Vertical => (ruling.at, ruling.from, ruling.at, ruling.to),
        };
        let _ = writeln!(
            out,
            "<line x1=\"{x0:.2}\" y1=\"{y0:.2}\" x2=\"{x1:.2}\" y2=\"{y1:.2}\" stroke=\"blue\" stroke-width=\"{:.2}\"/>",
            ruling.width.max(0.3)
        );
    }
    for glyph in page.glyphs.iter().filter(|glyph| !glyph.char.is_whitespace() && !glyph.char.is_control()) {
        let char = glyph.char.to_string().replace('&', "&amp;").replace('<', "&lt;");
        let _ = writeln!(
            out,
            "<text x=\"{:.2}\" y=\"{:.2}\" font-size=\"{:.2}\">{char}</text>",
            glyph.origin.x, glyph.origin.y, glyph.size
        );
    }
    let grids = blocks.iter().filter_map(|block| match block {
        Block::Grid(grid) => Some(grid),
        Block::Line(_) => None,
    });
    for cell in grids.flat_map(|grid| &grid.cells) {
        if let Place::Page { page: number, bbox } = &cell.place
            && *number == page.number
        {
            let _ = writeln!(
                out,
                "<rect x=\"{:.2}\" y=\"{:.2}\" width=\"{:.2}\" height=\"{:.2}\" fill=\"none\" stroke=\"red\" stroke-width=\"0.5\"/>",
                bbox.x0,
                bbox.y0,
                bbox.width(),
                bbox.height()
            );
        }
    }
    out + "</svg>\n"
}
