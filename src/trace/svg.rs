//! A page, the blocks of its document, what led to them and the cells bound on it in; SVG out, an element a line, so that
//! it diffs.
//!
//! Layers from the bottom: fills, images, rulings, glyphs, those of the trail, grids, bindings, each a `g` with a class of
//! its own.
//! Coordinates are those of the page, rounded to 0.01.

use super::{Bound, trail};
use crate::bind::Evidence;
use crate::geom::Rect;
use crate::grid::{Block, Blocks, Cell, Grid, Trail};
use crate::page::{Axis, Fill, Glyph, Layer, Page, Ruling, Turn};
use crate::place::Place;
use crate::settle::Certainty;
use std::fmt::Write as _;

/// Draws the page with what the stages made of it; `seen` is how the grid stage came by its tables.
#[must_use]
pub fn page_svg(page: &Page, blocks: &Blocks, seen: Option<&Trail>, bound: &[Bound]) -> String {
    let (width, height) = (number(page.width), number(page.height));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>\n"
    );
    let grids = || blocks.items.iter().filter_map(as_grid);
    layer(&mut out, "fills", "", page.fills.iter().map(fill));
    layer(&mut out, "images", "fill=\"none\" stroke=\"gray\" stroke-dasharray=\"4 2\"", page.images.iter().map(image));
    layer(&mut out, "rulings", "stroke=\"blue\"", page.rulings.iter().map(ruling));
    let shown = page.glyphs.iter().filter(|glyph| !glyph.char.is_whitespace() && is_drawable(glyph.char));
    layer(&mut out, "glyphs", "", shown.map(glyph));
    if let Some(seen) = seen {
        trail::draw(&mut out, seen);
    }
    layer(
        &mut out,
        "grids",
        "fill=\"none\" stroke=\"red\" stroke-width=\"1.5\" stroke-opacity=\"0.4\"",
        grids().flat_map(|grid| outlines(grid, page.number)),
    );
    layer(
        &mut out,
        "cells",
        "fill=\"none\" stroke=\"red\" stroke-width=\"0.5\"",
        grids().flat_map(|grid| &grid.cells).filter_map(|cell| cell_box(cell, page.number)),
    );
    layer(&mut out, "bound", "font-size=\"2.5\"", bound.iter().map(binding));
    out + "</svg>\n"
}

/// A group of elements, a line each; nothing for none.
pub(super) fn layer(out: &mut String, class: &str, style: &str, elements: impl Iterator<Item = String>) {
    let elements: String = elements.map(|element| element + "\n").collect();
    if !elements.is_empty() {
        let space = if style.is_empty() { "" } else { " " };
        let _ = write!(out, "<g class=\"{class}\"{space}{style}>\n{elements}</g>\n");
    }
}

fn as_grid(block: &Block) -> Option<&Grid> {
    match block {
        Block::Grid(grid) => Some(grid),
        Block::Line(_) => None,
    }
}

fn fill(fill: &Fill) -> String {
    let [r, g, b] = fill.rgb;
    format!("<rect {} fill=\"#{r:02x}{g:02x}{b:02x}\"/>", sides(&fill.bbox))
}

fn image(bbox: &Rect) -> String {
    format!("<rect {}/>", sides(bbox))
}

fn ruling(ruling: &Ruling) -> String {
    let (x0, y0, x1, y1) = match ruling.axis {
        Axis::Horizontal => (ruling.from, ruling.at, ruling.to, ruling.at),
        Axis::Vertical => (ruling.at, ruling.from, ruling.at, ruling.to),
    };
    // A hairline would not be seen.
    let [x0, y0, x1, y1, width] = [x0, y0, x1, y1, ruling.width.max(0.3)].map(number);
    format!("<line x1=\"{x0}\" y1=\"{y0}\" x2=\"{x1}\" y2=\"{y1}\" stroke-width=\"{width}\"/>")
}

fn glyph(glyph: &Glyph) -> String {
    let [x, y, size] = [glyph.origin.x, glyph.origin.y, glyph.size].map(number);
    let look = match glyph.layer {
        Layer::Ink => "",
        Layer::Invisible => " class=\"invisible\" fill=\"magenta\"",
        Layer::Concealed => " class=\"concealed\" fill=\"darkorange\"",
        Layer::Watermark => " class=\"watermark\" fill=\"silver\"",
    };
    let turn = match glyph.turn {
        // How far a slanted glyph leans is not kept.
        Turn::None | Turn::Slanted => String::new(),
        Turn::Right => format!(" transform=\"rotate(90 {x} {y})\""),
        Turn::Half => format!(" transform=\"rotate(180 {x} {y})\""),
        Turn::Left => format!(" transform=\"rotate(-90 {x} {y})\""),
    };
    let char = escape(&String::from(glyph.char));
    format!("<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\"{look}{turn}>{char}</text>")
}

/// The outline of the grid's stretch on the page.
fn outlines(grid: &Grid, page: u32) -> Vec<String> {
    let says = escape(&format!("{} x {} {:?} {:?}", grid.rows, grid.columns, grid.method, grid.alignment));
    let boxes = grid.parts.iter().filter_map(|part| on_page(&part.place, page));
    boxes.map(|bbox| format!("<rect {}><title>{says}</title></rect>", sides(&bbox))).collect()
}

/// A cell, with its slots where a viewer shows titles; one that spans several is dashed.
fn cell_box(cell: &Cell, page: u32) -> Option<String> {
    let bbox = on_page(&cell.place, page)?;
    let spans = cell.row_span > 1 || cell.column_span > 1;
    let dashes = if spans { " stroke-dasharray=\"2 1\"" } else { "" };
    let mut says = format!("row {} column {}", cell.row, cell.column);
    if spans {
        let _ = write!(says, " spans {} x {}", cell.row_span, cell.column_span);
    }
    if let Some(doubt) = cell.doubt {
        let _ = write!(says, " {doubt:?}");
    }
    Some(format!("<rect {}{dashes}><title>{}</title></rect>", sides(&bbox), escape(&says)))
}

/// The box of a bound cell in the colour of its certainty, and its name above it.
fn binding(bound: &Bound) -> String {
    let mut says = format!("{} \"{}\" by {}", bound.label, bound.raw.replace('\n', "⏎"), evidence(bound.evidence));
    let color = match &bound.settled {
        Some(settled) => {
            let (color, name) = certainty(settled.certainty);
            let _ = write!(says, ": {} = \"{}\", {name}", settled.column, settled.raw.replace('\n', "⏎"));
            color
        }
        None => "gray",
    };
    let [x, y] = [bound.bbox.x0, bound.bbox.y0].map(number);
    format!(
        "<rect {} fill=\"{color}\" fill-opacity=\"0.25\"><title>{}</title></rect>\
         <text x=\"{x}\" y=\"{y}\" fill=\"{color}\">{}</text>",
        sides(&bound.bbox),
        escape(&says),
        escape(&bound.label)
    )
}

fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Label => "label",
        Evidence::Structure => "structure",
        Evidence::Position => "position",
    }
}

/// A colour and a word.
fn certainty(certainty: Certainty) -> (&'static str, &'static str) {
    match certainty {
        Certainty::Proved => ("green", "proved"),
        Certainty::Read => ("teal", "read"),
        Certainty::Position => ("darkgoldenrod", "position"),
        Certainty::Repaired => ("purple", "repaired"),
        Certainty::Doubtful => ("crimson", "doubtful"),
    }
}

fn on_page(place: &Place, page: u32) -> Option<Rect> {
    match place {
        Place::Page { page: number, bbox } => (*number == page).then_some(*bbox),
        _ => None,
    }
}

/// The attributes of a box.
pub(super) fn sides(bbox: &Rect) -> String {
    let [x, y, width, height] = [bbox.x0, bbox.y0, bbox.width(), bbox.height()].map(number);
    format!("x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"")
}

/// Rounded to 0.01 without idle zeros; 0 for what is no number, since SVG has no word for it.
pub(super) fn number(value: f32) -> String {
    let text = format!("{:.2}", if value.is_finite() { value } else { 0.0 });
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

/// Whether XML may hold the character and it shows as itself.
fn is_drawable(c: char) -> bool {
    // What turns the reading direction would garble the labels beside it.
    let turns = matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    !c.is_control() && !turns && !matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

/// Text for an element or an attribute; what cannot be drawn is dropped.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| is_drawable(*c)) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::Settled;
    use super::*;
    use crate::geom::Point;
    use crate::grid::{Method, Part};
    use crate::page::Alignment;

    fn ink(char: char, x: f32, layer: Layer, turn: Turn) -> Glyph {
        let bbox = Rect::new(x, 10.0, x + 5.0, 20.0);
        let origin = Point { x, y: 18.0 };
        Glyph { char, bbox, origin, size: 10.0, turn, layer, bold: false, run: 0, font: 0 }
    }

    fn page() -> Page {
        Page {
            number: 2,
            width: 100.0,
            height: 50.555,
            glyphs: vec![
                ink('<', 10.0, Layer::Ink, Turn::None),
                ink('\u{1}', 15.0, Layer::Ink, Turn::None),
                ink('水', 20.0, Layer::Watermark, Turn::Left),
            ],
            rulings: vec![Ruling { axis: Axis::Vertical, at: 5.0, from: 0.0, to: 40.0, width: 0.0 }],
            fills: vec![Fill { bbox: Rect::new(0.0, 0.0, 9.0, 9.0), rgb: [255, 0, 10] }],
            ..Page::default()
        }
    }

    fn blocks(page: u32) -> Blocks {
        let place = Place::Page { page, bbox: Rect::new(5.0, 5.0, 95.0, 45.0) };
        let cell = Cell {
            row: 0,
            column: 0,
            row_span: 1,
            column_span: 2,
            text: "1".into(),
            place: place.clone(),
            doubt: None,
            recognised: None,
        };
        let grid = Grid {
            rows: 1,
            columns: 2,
            cells: vec![cell],
            method: Method::Ruled,
            alignment: Alignment::Placed,
            parts: vec![Part { place, first_row: 0 }],
        };
        Blocks { items: vec![Block::Grid(grid)] }
    }

    #[test]
    fn a_page_is_drawn_layer_by_layer() {
        let bound = Bound {
            label: "t/r/?".into(),
            bbox: Rect::new(10.0, 10.0, 15.0, 20.0),
            raw: "1 & \"2\"".into(),
            evidence: Evidence::Label,
            settled: Some(Settled { column: "c".into(), raw: "1".into(), certainty: Certainty::Proved }),
        };
        let expected = r##"<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50.56" viewBox="0 0 100 50.56">
<rect width="100" height="50.56" fill="white"/>
<g class="fills">
<rect x="0" y="0" width="9" height="9" fill="#ff000a"/>
</g>
<g class="rulings" stroke="blue">
<line x1="5" y1="0" x2="5" y2="40" stroke-width="0.3"/>
</g>
<g class="glyphs">
<text x="10" y="18" font-size="10">&lt;</text>
<text x="20" y="18" font-size="10" class="watermark" fill="silver" transform="rotate(-90 20 18)">水</text>
</g>
<g class="grids" fill="none" stroke="red" stroke-width="1.5" stroke-opacity="0.4">
<rect x="5" y="5" width="90" height="40"><title>1 x 2 Ruled Placed</title></rect>
</g>
<g class="cells" fill="none" stroke="red" stroke-width="0.5">
<rect x="5" y="5" width="90" height="40" stroke-dasharray="2 1"><title>row 0 column 0 spans 1 x 2</title></rect>
</g>
<g class="bound" font-size="2.5">
<rect x="10" y="10" width="5" height="10" fill="green" fill-opacity="0.25"><title>t/r/? &quot;1 &amp; &quot;2&quot;&quot; by label: c = &quot;1&quot;, proved</title></rect><text x="10" y="10" fill="green">t/r/?</text>
</g>
</svg>
"##;
        assert_eq!(page_svg(&page(), &blocks(2), None, &[bound]), expected);
    }

    #[test]
    fn grids_of_other_pages_are_not_drawn() {
        assert!(!page_svg(&page(), &blocks(1), None, &[]).contains("<g class=\"cells\""));
    }

    #[test]
    fn what_xml_cannot_hold_is_dropped() {
        assert_eq!(escape("a\u{0}\u{1b}\u{202e}\u{ffff}\r\n<b> & \"c\""), "a&lt;b&gt; &amp; &quot;c&quot;");
    }

    #[test]
    fn numbers_are_short_and_always_numbers() {
        let texts = [1.0, 0.005, -0.001, 12.346, 100.0, f32::NAN, f32::INFINITY].map(number);
        assert_eq!(texts, ["1", "0", "0", "12.35", "100", "0", "0"]);
    }
}
