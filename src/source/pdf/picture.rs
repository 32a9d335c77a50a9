//! A page in, a picture of it out, drawn by the PDF library's own renderer.

use super::content::Shared;
use super::sizes::Images;
use crate::error::{ErrorKind, Result};
use crate::limits::Limits;
use crate::page::Page;
use crate::source::raster::Raster;
use hayro::hayro_interpret::InterpreterSettings;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use hayro_syntax::page::Page as Source;

/// The renderer looks for the end of each inline image anew in all that follows; a page with more of them is not drawn.
const MOST_INLINE: u32 = 32;

/// Draws a page at so many pixels a point of `page`.
pub(super) fn draw(
    source: &Source<'_>,
    page: &Page,
    scale: f32,
    inline: u32,
    shared: &Shared<'_>,
    limits: &Limits,
) -> Result<Raster> {
    if inline > MOST_INLINE {
        let detail = format!("the page has {inline} inline images");
        return Err(ErrorKind::Reader { format: "pdf", detail }.into());
    }
    Images::new(shared.budget, limits).admit(source.resources(), 0)?;
    // The page's own unit may be another than a point.
    let (width, height) = source.render_dimensions();
    let scale = scale * page.width / width.max(1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts from floats saturate")]
    let pixels = (width * scale * height * scale) as u64;
    Limits::check("pixels", pixels, limits.pixels)?;
    let picture = hayro::render(
        source,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings { force_image_interpolation: true, ..RenderSettings::default() },
        &PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE },
    );
    let (width, height) = (picture.width().into(), picture.height().into());
    Ok(Raster::on_white(width, height, picture.data_as_u8_slice()))
}
