//! Pages whose writing is a picture: drawn by the PDF library's own renderer, read by `scan`.

use super::Drawn;
use crate::error::Result;
use crate::limits::Limits;
use crate::source::raster::Raster;
use crate::source::{Options, scan};
use hayro::hayro_interpret::InterpreterSettings;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use hayro_syntax::page::Page as Source;

/// Reads the picture of a page and puts what it shows on the page.
pub(super) fn read(drawn: &mut Drawn, source: &Source<'_>, options: &Options) -> Result<()> {
    let scale = scan::resolution(drawn.page.width, drawn.page.height, drawn.density);
    let raster = draw(source, scale * drawn.page.width / source.render_dimensions().0.max(1.0), &options.limits)?;
    scan::read(&raster, scale, options.models.as_deref())?.lay_on(&mut drawn.page);
    Ok(())
}

fn draw(source: &Source<'_>, scale: f32, limits: &Limits) -> Result<Raster> {
    let (width, height) = source.render_dimensions();
    let pixels = f64::from(width * scale) * f64::from(height * scale);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts from floats saturate")]
    Limits::check("pixels", pixels as u64, limits.pixels)?;
    let cache = RenderCache::new();
    let picture = hayro::render(
        source,
        &cache,
        &InterpreterSettings::default(),
        &RenderSettings { force_image_interpolation: true, ..RenderSettings::default() },
        &PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE },
    );
    let (width, height) = (usize::from(picture.width()), usize::from(picture.height()));
    Ok(Raster::on_white(width, height, picture.data_as_u8_slice()))
}
