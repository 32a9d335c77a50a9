//! Counts by year in, SVG out: stacked bars and lines, with their axes labelled and colours that everybody can tell apart.

use plotters::coord::ranged1d::SegmentValue;
use plotters::prelude::*;
use std::error::Error;

/// Size of a plot.
const SIZE: (u32, u32) = (1032, 280);
/// The fonts of the page.
const FONT: &str = "sans-serif";
/// Ink of axes.
const INK: RGBColor = RGBColor(0x55, 0x5a, 0x60);

/// Colours by Okabe and Ito, which people with any kind of colour vision can tell apart.
pub(super) const COLORS: [RGBColor; 6] = [
    RGBColor(0x00, 0x72, 0xb2),
    RGBColor(0xe6, 0x9f, 0x00),
    RGBColor(0x00, 0x9e, 0x73),
    RGBColor(0xcc, 0x79, 0xa7),
    RGBColor(0x56, 0xb4, 0xe9),
    RGBColor(0xd5, 0x5e, 0x00),
];

/// A named row of counts, one for each year.
pub(super) struct Layer {
    pub(super) name: String,
    pub(super) counts: Vec<f64>,
}

/// The colour of a layer, as CSS has it.
pub(super) fn css(at: usize) -> String {
    let RGBColor(red, green, blue) = color(at);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn color(at: usize) -> RGBColor {
    COLORS.iter().cycle().nth(at).copied().unwrap_or(INK)
}

/// How the layers are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// One upon the other.
    Stacked,
    /// Side by side.
    Beside,
}

/// The plot, or nothing where there is nothing to draw.
pub(super) fn bars(years: &[i64], layers: &[Layer], style: Style, axis: &str) -> String {
    let mut svg = String::new();
    if years.is_empty() || layers.is_empty() {
        return svg;
    }
    // Drawing into a string cannot fail; if it did, half a plot would be worse than none.
    if draw(&mut svg, years, layers, style, axis).is_err() {
        svg.clear();
    }
    svg
}

fn draw(svg: &mut String, years: &[i64], layers: &[Layer], style: Style, axis: &str) -> Result<(), Box<dyn Error>> {
    let at = |layer: &Layer, year: usize| layer.counts.get(year).copied().unwrap_or_default();
    let height = |year: usize| -> f64 {
        let counts = layers.iter().map(|layer| at(layer, year));
        if style == Style::Stacked { counts.sum() } else { counts.fold(0.0, f64::max) }
    };
    let top = (0..years.len()).map(height).fold(4.0, f64::max) * 1.08;
    let root = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    let mut chart = ChartBuilder::on(&root)
        .margin(8)
        .x_label_area_size(28)
        .y_label_area_size(72)
        .build_cartesian_2d((0..years.len() - 1).into_segmented(), 0.0..top)?;
    let text = |size: u32| (FONT, size).into_font().color(&INK);
    let year = |segment: &SegmentValue<usize>| match segment {
        SegmentValue::CenterOf(at) => years.get(*at).map(ToString::to_string).unwrap_or_default(),
        _ => String::new(),
    };
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(INK.mix(0.15))
        .axis_style(INK)
        .x_labels(years.len().min(20))
        .x_label_formatter(&year)
        .y_label_formatter(&|count| thousands(*count))
        .y_desc(axis)
        .label_style(text(13))
        .axis_desc_style(text(13))
        .y_labels(5)
        .draw()?;
    let area = chart.plotting_area();
    for (bar, layer) in rectangles(years, layers, style, &|x, y| area.map_coordinate(&(x, y))) {
        root.draw(&Rectangle::new(bar, color(layer).filled()))?;
    }
    root.present()?;
    Ok(())
}

/// The bars in pixels, as the axis of years has no finer steps; each with the position of its layer.
fn rectangles(
    years: &[i64],
    layers: &[Layer],
    style: Style,
    at: &dyn Fn(SegmentValue<usize>, f64) -> (i32, i32),
) -> Vec<([(i32, i32); 2], usize)> {
    let mut bars = Vec::new();
    let of = i32::try_from(layers.len()).unwrap_or(i32::MAX).max(1);
    for year in 0..years.len() {
        let y = |value: f64| at(SegmentValue::Exact(year), value).1;
        let (left, right) = (at(SegmentValue::Exact(year), 0.0).0, at(following(year, years), 0.0).0);
        let gap = ((right - left) / 6).max(1);
        let (left, right) = (left + gap, right - gap);
        let mut base = 0.0;
        for ((layer, number), position) in layers.iter().zip(0..).zip(0..) {
            let count = layer.counts.get(year).copied().unwrap_or_default();
            if count <= 0.0 {
                continue;
            }
            let bar = match style {
                Style::Stacked => [(left, y(base + count)), (right, y(base))],
                Style::Beside => {
                    let edge = |number: i32| left + (right - left) * number / of;
                    [(edge(number), y(count)), (edge(number + 1) - 1, y(0.0))]
                }
            };
            bars.push((bar, position));
            base += count;
        }
    }
    bars
}

/// The end of a year's part of the axis.
fn following(year: usize, years: &[i64]) -> SegmentValue<usize> {
    if year + 1 < years.len() { SegmentValue::Exact(year + 1) } else { SegmentValue::Last }
}

/// A whole number with its thousands parted.
fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_the_same_every_time_and_nothing_makes_no_plot() {
        let layers =
            [Layer { name: "a".into(), counts: vec![3.0, 0.0] }, Layer { name: "b".into(), counts: vec![1.0, 2.0] }];
        let plot = bars(&[2023, 2024], &layers, Style::Stacked, "reports");
        assert_eq!(plot, bars(&[2023, 2024], &layers, Style::Stacked, "reports"));
        assert_eq!(plot.matches(r##"fill="#0072B2""##).count(), 1, "{plot}");
        assert_eq!(bars(&[], &layers, Style::Beside, "reports"), "");
    }

    #[test]
    fn thousands_are_parted() {
        assert_eq!(
            (thousands(0.0), thousands(999.0), thousands(1_234_567.0)),
            ("0".into(), "999".into(), "1,234,567".into())
        );
    }
}
