//! A page as a picture: pixels of red, green and blue, row by row from the top left. Readers draw it, `scan` reads it.

/// A picture on white paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Raster {
    /// Pixels in a row.
    pub(crate) width: usize,
    /// Rows.
    pub(crate) height: usize,
    /// Red, green and blue of each pixel.
    pub(crate) rgb: Vec<u8>,
}

impl Raster {
    /// From pixels of red, green, blue and alpha, the colours already multiplied by alpha, laid on white.
    pub(crate) fn on_white(width: usize, height: usize, rgba: &[u8]) -> Self {
        let pixels = rgba.as_chunks::<4>().0.iter().take(width * height);
        let mut rgb: Vec<u8> = pixels.flat_map(|&[r, g, b, a]| [r, g, b].map(|c| c.saturating_add(255 - a))).collect();
        rgb.resize(width * height * 3, 255);
        Self { width, height, rgb }
    }
}
