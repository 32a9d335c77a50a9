//! Paint as far as it matters here: whether ink can be told from the paper.

/// A colour; `None` for patterns and whatever else cannot be computed.
pub(crate) type Rgb = Option<[u8; 3]>;

pub(crate) const BLACK: Rgb = Some([0; 3]);

/// The paint of a mark.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Paint {
    pub(crate) rgb: Rgb,
    pub(crate) alpha: f32,
}

/// How far apart two colours are, 0–255: the largest difference of a channel.
pub(crate) fn distance(a: [u8; 3], b: [u8; 3]) -> u8 {
    a.iter().zip(b).map(|(a, b)| a.abs_diff(b)).max().unwrap_or(0)
}
