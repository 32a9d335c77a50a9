//! What the stages made of a page, drawn: ink, cells and bindings in, text out. Only shows; nothing is decided here,
//! and nothing later reads it.

mod bound;
mod svg;
mod trail;

pub use bound::{Bound, Settled, bound};
pub use svg::page_svg;
