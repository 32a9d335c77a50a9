//! The boxes and the rotation of a page in, positions of that page as it is seen out.
//!
//! Worked out from the page's own entries, those of its parents included: `MediaBox`, `CropBox`, `Rotate`, `UserUnit`.

use pdf_extract::{Dictionary, Document, Object, ObjectId};

/// No page tree is deeper than this.
const DEEPEST: usize = 64;

/// A page's paper when it names none: US letter, as the standard of the format has it.
const LETTER: [f64; 4] = [0.0, 0.0, 612.0, 792.0];

/// How a page is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct View {
    /// What is shown of user space: left, bottom, right, top.
    shown: [f64; 4],
    /// Quarter turns clockwise.
    turns: i64,
    /// Points to a unit of user space.
    unit: f64,
}

impl View {
    /// The view of a page.
    pub(super) fn of(doc: &Document, page: ObjectId) -> Self {
        let media = inherited(doc, page, b"MediaBox").and_then(|found| corners(doc, found)).unwrap_or(LETTER);
        let crop = inherited(doc, page, b"CropBox").and_then(|found| corners(doc, found));
        let rotate = inherited(doc, page, b"Rotate").and_then(number).unwrap_or(0.0);
        let own = doc.get_dictionary(page).ok();
        let unit = own.and_then(|own| own.get_deref(b"UserUnit", doc).ok()).and_then(number).unwrap_or(1.0);
        Self {
            shown: crop.and_then(|crop| shared(crop, media)).unwrap_or(media),
            turns: quarter_turns(rotate),
            unit: if (0.01..=1000.0).contains(&unit) { unit } else { 1.0 },
        }
    }

    /// Where a position of user space is seen: from the left and from the top.
    pub(super) fn see(&self, x: f64, y: f64) -> (f64, f64) {
        let [left, bottom, right, top] = self.shown;
        let (x, y) = match self.turns {
            1 => (y - bottom, x - left),
            2 => (right - x, y - bottom),
            3 => (top - y, right - x),
            _ => (x - left, top - y),
        };
        (x * self.unit, y * self.unit)
    }

    /// How far the page is seen to the right and down.
    pub(super) fn size(&self) -> (f64, f64) {
        let [left, bottom, right, top] = self.shown;
        let (width, height) = ((right - left) * self.unit, (top - bottom) * self.unit);
        if self.turns % 2 == 0 { (width, height) } else { (height, width) }
    }
}

/// An entry of the page or of the nearest of its parents that has it.
pub(super) fn inherited<'a>(doc: &'a Document, page: ObjectId, key: &[u8]) -> Option<&'a Object> {
    let mut node: &Dictionary = doc.get_dictionary(page).ok()?;
    for _ in 0..DEEPEST {
        if let Ok(found) = node.get_deref(key, doc) {
            return Some(found);
        }
        node = node.get_deref(b"Parent", doc).and_then(Object::as_dict).ok()?;
    }
    None
}

fn corners(doc: &Document, object: &Object) -> Option<[f64; 4]> {
    let value = |object| doc.dereference(object).ok().and_then(|(_, object)| number(object));
    let values: Option<Vec<f64>> = object.as_array().ok()?.iter().map(value).collect();
    let [xa, ya, xb, yb]: [f64; 4] = values?.try_into().ok()?;
    let corners = [xa.min(xb), ya.min(yb), xa.max(xb), ya.max(yb)];
    has_area(corners).then_some(corners)
}

/// A number that can be calculated with.
pub(super) fn number(object: &Object) -> Option<f64> {
    object.as_float().ok().map(f64::from).filter(|value| value.is_finite())
}

fn shared(a: [f64; 4], b: [f64; 4]) -> Option<[f64; 4]> {
    let both = [a[0].max(b[0]), a[1].max(b[1]), a[2].min(b[2]), a[3].min(b[3])];
    has_area(both).then_some(both)
}

fn has_area([left, bottom, right, top]: [f64; 4]) -> bool {
    left < right && bottom < top
}

/// Quarter turns clockwise, 0 to 3; no other angle is allowed.
#[expect(clippy::cast_possible_truncation, reason = "saturates, and no page is turned so often")]
fn quarter_turns(degrees: f64) -> i64 {
    let turns = (degrees / 90.0) as i64;
    if (degrees % 90.0).abs() > 0.5 { 0 } else { turns.rem_euclid(4) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pdf_extract::dictionary;

    fn page(own: Dictionary) -> View {
        let mut doc = Document::new();
        let parent = doc.add_object(dictionary! { "MediaBox" => vec![0.into(), 0.into(), 200.into(), 300.into()] });
        let mut own = own;
        own.set("Parent", parent);
        let page = doc.add_object(own);
        View::of(&doc, page)
    }

    #[test]
    fn the_corner_at_the_top_left_is_the_origin_however_the_page_is_turned() {
        let seen = |rotate: i64| {
            let view = page(dictionary! { "Rotate" => rotate });
            (view.see(10.0, 20.0), view.size())
        };
        assert_eq!(seen(0), ((10.0, 280.0), (200.0, 300.0)));
        assert_eq!(seen(90), ((20.0, 10.0), (300.0, 200.0)));
        assert_eq!(seen(180), ((190.0, 20.0), (200.0, 300.0)));
        assert_eq!(seen(270), ((280.0, 190.0), (300.0, 200.0)));
        assert_eq!(seen(-90), seen(270));
        assert_eq!(seen(450), seen(90));
        assert_eq!(seen(45), seen(0));
    }

    #[test]
    fn the_crop_box_counts_as_far_as_there_is_paper() {
        let crop = |corners: [i64; 4]| {
            let view = page(dictionary! { "CropBox" => corners.map(Object::from).to_vec() });
            (view.see(50.0, 250.0), view.size())
        };
        assert_eq!(crop([40, 0, 200, 260]), ((10.0, 10.0), (160.0, 260.0)));
        assert_eq!(crop([200, 260, 40, 0]), crop([40, 0, 200, 260]));
        assert_eq!(crop([40, -50, 900, 260]), crop([40, 0, 200, 260]));
        assert_eq!(crop([500, 500, 600, 600]), crop([0, 0, 200, 300]));
    }

    #[test]
    fn a_unit_may_be_more_than_a_point() {
        let view = page(dictionary! { "UserUnit" => 2 });
        assert_eq!((view.see(10.0, 290.0), view.size()), ((20.0, 20.0), (400.0, 600.0)));
        assert_eq!(page(dictionary! { "UserUnit" => 0 }), page(Dictionary::new()));
    }
}
