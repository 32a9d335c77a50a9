//! What the grid stage saw on a page in, layers of a drawing out: edges, crossings, gutters, and each region that was
//! weighed as a table, coloured by its verdict, with its columns and rows where it was taken.

use super::svg::{escape, layer, number, sides};
use crate::geom::{Point, Rect};
use crate::grid::{Region, Trail, Verdict};

/// Adds the layers to a drawing.
pub(super) fn draw(out: &mut String, trail: &Trail) {
    let taken = || trail.regions.iter().filter(|region| region.verdict.is_table());
    let edges = trail.across.iter().chain(&trail.down);
    layer(out, "edges", "stroke=\"deepskyblue\" stroke-width=\"0.6\"", edges.map(line));
    let dots = trail.crossings.iter().copied().map(dot);
    layer(out, "crossings", "fill=\"deepskyblue\" fill-opacity=\"0.6\"", dots);
    layer(out, "gutters", "stroke=\"orchid\" stroke-dasharray=\"6 3\"", trail.gutters.iter().map(line));
    let bands = taken().flat_map(|region| &region.columns).map(|bbox| format!("<rect {}/>", sides(bbox)));
    layer(out, "columns", "fill=\"seagreen\" fill-opacity=\"0.06\"", bands);
    let borders = taken().flat_map(|region| &region.rows).map(line);
    layer(out, "rows", "stroke=\"seagreen\" stroke-width=\"0.3\" stroke-opacity=\"0.6\"", borders);
    let style = "fill=\"none\" stroke-dasharray=\"3 2\" font-size=\"5\"";
    layer(out, "regions", style, trail.regions.iter().map(region));
}

fn line(edge: &Rect) -> String {
    let [x0, y0, x1, y1] = [edge.x0, edge.y0, edge.x1, edge.y1].map(number);
    format!("<line x1=\"{x0}\" y1=\"{y0}\" x2=\"{x1}\" y2=\"{y1}\"/>")
}

fn dot(at: Point) -> String {
    format!("<circle cx=\"{}\" cy=\"{}\" r=\"1\"/>", number(at.x), number(at.y))
}

/// The box of a region, its verdict below it.
fn region(region: &Region) -> String {
    let (color, name) = (color(region.verdict), region.verdict.name());
    let [x, y] = [region.bbox.x0, region.bbox.y1 + 5.0].map(number);
    format!(
        "<rect {} class=\"{name}\" stroke=\"{color}\"><title>{}</title></rect>\
         <text x=\"{x}\" y=\"{y}\" fill=\"{color}\">{name}</text>",
        sides(&region.bbox),
        escape(&region.to_string())
    )
}

fn color(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Table => "seagreen",
        // Its ink is looked at again, or joined to another page.
        Verdict::Underruled | Verdict::Piece => "darkgoldenrod",
        _ => "crimson",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Sight;

    #[test]
    fn regions_are_drawn_with_their_reason() {
        let of = |verdict, columns: Vec<Rect>| Region {
            sight: Sight::Lattice,
            bbox: Rect::new(10.0, 10.0, 50.0, 30.0),
            verdict,
            columns,
            rows: Vec::new(),
            headings: 0,
        };
        let trail = Trail {
            page: 1,
            across: vec![Rect::new(10.0, 10.0, 50.0, 10.0)],
            crossings: vec![Point { x: 10.0, y: 10.0 }],
            regions: vec![
                of(Verdict::Table, vec![Rect::new(10.0, 10.0, 30.0, 30.0)]),
                of(Verdict::Drawing, vec![Rect::new(10.0, 10.0, 30.0, 30.0)]),
            ],
            ..Trail::default()
        };
        let mut out = String::new();
        draw(&mut out, &trail);
        for part in ["class=\"edges\"", "class=\"crossings\"", "class=\"columns\"", "class=\"regions\"", "A chart"] {
            assert!(out.contains(part), "{part} in {out}");
        }
        assert!(!out.contains("class=\"gutters\""), "{out}");
        assert_eq!(out.matches("fill-opacity=\"0.06\"").count(), 1);
        assert!(out.contains("class=\"drawing\" stroke=\"crimson\""), "{out}");
    }
}
