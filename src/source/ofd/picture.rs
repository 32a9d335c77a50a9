//! The bytes of an image in, its pixels out, no more of them than are asked for or allowed.
//!
//! What an image says of its size is looked at before any of it is decoded.

use crate::error::{ErrorKind, Result};
use crate::source::guard;
use crate::source::heads::jbig2 as jbig2_pixels;
use hayro_jbig2::{DecodeSettings, Decoder, File};
use image::{DynamicImage, GrayImage, ImageReader};
use std::io::Cursor;
use vello_cpu::Pixmap;
use vello_cpu::color::PremulRgba8;

/// What a JBIG2 file begins with.
const JBIG2: [u8; 8] = [0x97, 0x4A, 0x42, 0x32, 0x0D, 0x0A, 0x1A, 0x0A];
/// Bytes of a pixel while it is decoded.
const PIXEL: u64 = 4;

/// Decodes an image that is seen at `size` pixels; one that has many more is made smaller, since drawing it would only
/// pick some of them. `left` is how many bytes may still be decoded. `None` when the image is of no known kind.
pub(super) fn decode(bytes: &[u8], size: [f32; 2], left: &mut u64) -> Result<Option<Pixmap>> {
    let image =
        guard::run(super::FORMAT, || if bytes.starts_with(&JBIG2) { jbig2(bytes, left) } else { other(bytes, left) })?;
    let Some(image) = image else { return Ok(None) };
    let [width, height] = [(image.width(), size[0]), (image.height(), size[1])].map(|(has, seen)| has.min(whole(seen)));
    let small = (width, height) != (image.width(), image.height());
    Ok(pixmap(&if small { image.thumbnail_exact(width, height) } else { image }))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 1–65535 before")]
fn whole(side: f32) -> u32 {
    side.ceil().clamp(1.0, f32::from(u16::MAX)) as u32
}

/// Takes so many pixels off what may still be decoded.
fn charge(pixels: u64, left: &mut u64) -> Result<()> {
    let bytes = pixels.saturating_mul(PIXEL);
    *left = left.checked_sub(bytes).ok_or(ErrorKind::Limit { what: "unpacked-bytes", limit: *left })?;
    Ok(())
}

fn other(bytes: &[u8], left: &mut u64) -> Result<Option<DynamicImage>> {
    let reader = || ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok();
    let Some(Ok((width, height))) = reader().map(ImageReader::into_dimensions) else { return Ok(None) };
    let mut limits = image::Limits::no_limits();
    limits.max_alloc = Some(*left);
    charge(u64::from(width) * u64::from(height), left)?;
    let Some(mut reader) = reader() else { return Ok(None) };
    reader.limits(limits);
    Ok(reader.decode().ok())
}

fn jbig2(bytes: &[u8], left: &mut u64) -> Result<Option<DynamicImage>> {
    // Behind the signature: flags, and the number of pages unless the flags say that it is not known (ITU-T T.88, D.4).
    let Some(flags) = bytes.get(JBIG2.len()) else { return Ok(None) };
    let segments = JBIG2.len() + if flags & 2 == 0 { 5 } else { 1 };
    // Heads that stand together before all data cannot be walked one by one.
    if flags & 1 == 0 {
        return Ok(None);
    }
    charge(jbig2_pixels(bytes.get(segments..).unwrap_or(&[])), left)?;
    let Ok(file) = File::new(bytes, &DecodeSettings::default()) else { return Ok(None) };
    let Some(page) = file.page(0) else { return Ok(None) };
    let (width, height) = (page.width(), page.height());
    charge(u64::from(width) * u64::from(height), left)?;
    let mut gray = Gray(Vec::new());
    if page.decode(&mut gray).is_err() {
        return Ok(None);
    }
    Ok(GrayImage::from_raw(width, height, gray.0).map(DynamicImage::ImageLuma8))
}

/// The pixels of a picture in black and white.
struct Gray(Vec<u8>);

impl Decoder for Gray {
    fn push_pixel(&mut self, black: bool) {
        self.0.push(if black { 0 } else { 255 });
    }

    fn push_pixel_chunk(&mut self, black: bool, chunk_count: u32) {
        let length = self.0.len() + 8 * chunk_count as usize;
        self.0.resize(length, if black { 0 } else { 255 });
    }

    fn next_line(&mut self) {}
}

fn pixmap(image: &DynamicImage) -> Option<Pixmap> {
    let (width, height) = (u16::try_from(image.width()).ok()?, u16::try_from(image.height()).ok()?);
    let multiply = |color: u8, alpha: u8| {
        let product = u16::from(color) * u16::from(alpha) / 255;
        u8::try_from(product).unwrap_or(u8::MAX)
    };
    let pixel = |&[r, g, b, a]: &[u8; 4]| {
        let [r, g, b] = [r, g, b].map(|color| multiply(color, a));
        PremulRgba8 { r, g, b, a }
    };
    let rgba = image.to_rgba8();
    let mut pixmap = Pixmap::new(width, height);
    for (to, from) in pixmap.data_mut().iter_mut().zip(rgba.as_raw().as_chunks::<4>().0) {
        *to = pixel(from);
    }
    pixmap.recompute_may_have_transparency();
    Some(pixmap)
}
