//! The images that drawing a page would decode in, whether they are within the limits out.
//!
//! A decoder makes room for what the head of its data promises, whatever the image's dictionary says: a hundred bytes may
//! ask for gigabytes. So the heads are read first.

use super::budget::Budget;
use crate::error::Result;
use crate::limits::Limits;
use crate::source::heads::{jbig2, jpx};
use hayro_syntax::Filter;
use hayro_syntax::object::{Dict, Name, Object, ObjectIdentifier, Stream};
use hayro_syntax::page::Resources;
use std::collections::BTreeSet;

/// Forms and patterns are followed so deep.
const DEEPEST: u32 = 12;
/// Columns of a facsimile where none are stated.
const FAX: u64 = 1728;

/// Walks the images that a page may draw.
pub(super) struct Images<'b> {
    budget: &'b Budget,
    limit: u64,
    seen: BTreeSet<ObjectIdentifier>,
    pixels: u64,
}

impl<'b> Images<'b> {
    pub(super) fn new(budget: &'b Budget, limits: &Limits) -> Self {
        Self { budget, limit: limits.pixels, seen: BTreeSet::new(), pixels: 0 }
    }

    /// Refuses a page whose images, with those of its forms and patterns, are too much.
    pub(super) fn admit(&mut self, resources: &Resources<'_>, depth: u32) -> Result<()> {
        for objects in [&resources.x_objects, &resources.patterns] {
            for name in objects.keys() {
                let Some(stream) = objects.get::<Stream<'_>>(&name[..]) else { continue };
                if !self.seen.insert(stream.obj_id()) {
                    continue;
                }
                self.budget.admit(&stream)?;
                if stream.dict().get::<Name<'_>>(b"Subtype").as_deref() == Some(b"Image") {
                    self.image(&stream)?;
                } else if let Some(inner) = stream.dict().get::<Dict<'_>>(b"Resources").filter(|_| depth < DEEPEST) {
                    self.admit(&Resources::new(inner), depth + 1)?;
                }
            }
        }
        Ok(())
    }

    /// Counts an image and its masks.
    fn image(&mut self, stream: &Stream<'_>) -> Result<()> {
        self.pixels = self.pixels.saturating_add(promised(stream));
        Limits::check("pixels", self.pixels, self.limit)?;
        for mask in [&b"SMask"[..], b"Mask"] {
            if let Some(mask) = stream.dict().get::<Stream<'_>>(mask) {
                self.budget.admit(&mask)?;
                self.pixels = self.pixels.saturating_add(promised(&mask));
            }
        }
        Limits::check("pixels", self.pixels, self.limit)
    }
}

/// The pixels that an image promises: in its dictionary, to its filter, or in its data, whichever is most.
fn promised(image: &Stream<'_>) -> u64 {
    let dict = image.dict();
    let side = |dict: &Dict<'_>, name: &[u8]| u64::from(dict.get::<u32>(name).unwrap_or(0));
    let stated = side(dict, b"Width").saturating_mul(side(dict, b"Height"));
    let params = || -> Vec<Dict<'_>> {
        match dict.get::<Object<'_>>(b"DecodeParms") {
            Some(Object::Dict(params)) => vec![params],
            Some(Object::Array(list)) => list.iter::<Dict<'_>>().collect(),
            _ => Vec::new(),
        }
    };
    let filters = image.filters();
    let Some(last) = filters.last() else { return stated };
    // Data behind another filter would have to be unpacked to be looked at; a coder of pictures leaves nothing to pack.
    let packed = filters.len() > 1;
    let found = match last {
        Filter::CcittFaxDecode => {
            let (params, height) = (params(), side(dict, b"Height"));
            let columns = params.iter().map(|p| side(p, b"Columns")).max().unwrap_or(0);
            let rows = params.iter().map(|p| side(p, b"Rows")).max().unwrap_or(0);
            columns.max(FAX).saturating_mul(rows.max(height))
        }
        Filter::Jbig2Decode | Filter::JpxDecode if packed => u64::MAX,
        Filter::Jbig2Decode => {
            let globals = params()
                .iter()
                .filter_map(|p| p.get::<Stream<'_>>(b"JBIG2Globals"))
                .map(|g| jbig2(&g.raw_data()))
                .max();
            jbig2(&image.raw_data()).max(globals.unwrap_or(0))
        }
        Filter::JpxDecode => jpx(&image.raw_data()),
        _ => 0,
    };
    stated.max(found)
}
