//! Ink in, the small angle that the page was laid askew by out.
//!
//! By the angle at which rows of ink are parted most sharply from rows of paper (Postl 1986): the sum of the squares of
//! the ink in each row. Lines of text and horizontal rulings both tell; vertical rulings tell nothing.

use super::gray::float;
use super::mask::Mask;

/// The largest angle looked for, in degrees.
const WIDEST: f32 = 5.0;
/// Steps of the two searches, in degrees.
const COARSE: f32 = 0.2;
const FINE: f32 = 0.02;
/// Pixels of ink that are looked at, at most.
const SAMPLE: usize = 60_000;
/// An angle must be so much sharper than none to be believed.
const SHARPER: f64 = 1.02;

/// The angle in radians by which the page must be turned, clockwise when positive, for its lines to lie level.
pub(super) fn skew(mask: &Mask) -> f32 {
    let ink = sample(mask);
    let sharp = |degrees: f32| sharpness(&ink, mask.height, degrees.to_radians());
    let best = |around: f32, reach: f32, step: f32| {
        let steps = i16::try_from(steps(reach, step)).unwrap_or(0);
        (-steps..=steps)
            .map(|n| around + f32::from(n) * step)
            .map(|angle| (angle, sharp(angle)))
            .fold((0.0, 0.0), |best: (f32, f64), now| if now.1 > best.1 { now } else { best })
    };
    let (coarse, _) = best(0.0, WIDEST, COARSE);
    let (fine, sharpest) = best(coarse, COARSE, FINE);
    if sharpest > sharp(0.0) * SHARPER { -fine.to_radians() } else { 0.0 }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred steps at most")]
fn steps(reach: f32, step: f32) -> usize {
    (reach / step).round() as usize
}

/// Lower edges of ink: they line up along baselines and rulings, and there are far fewer of them than of ink.
fn sample(mask: &Mask) -> Vec<(f32, f32)> {
    let edge = |x: usize, y: usize| mask.get(x, y) && !mask.get(x, y + 1);
    let all = || (0..mask.height).flat_map(|y| (0..mask.width).map(move |x| (x, y))).filter(|(x, y)| edge(*x, *y));
    let step = all().count() / SAMPLE + 1;
    all().step_by(step).map(|(x, y)| (float(x) - float(mask.width) / 2.0, float(y))).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rows outside of the page fall away")]
fn sharpness(ink: &[(f32, f32)], height: usize, angle: f32) -> f64 {
    let slope = angle.tan();
    let mut rows = vec![0u32; height + 1];
    for (x, y) in ink {
        let row = y - x * slope;
        if row >= 0.0
            && let Some(n) = rows.get_mut(row as usize)
        {
            *n += 1;
        }
    }
    rows.iter().map(|n| f64::from(*n) * f64::from(*n)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::scan::gray::Gray;

    #[test]
    fn the_angle_of_a_page_is_found_and_a_level_page_is_left_alone() {
        let mut page = Gray::blank(900, 1200);
        for line in 0..20 {
            for at in 0..40 {
                let (x, y) = (80 + at * 18, 100 + line * 50);
                for (dx, dy) in (0..12).flat_map(|dx| (0..20).map(move |dy| (dx, dy))) {
                    // Characters of different shapes.
                    if (dx * 7 + dy * 3 + at * 5 + line) % 4 > 0 {
                        page.pixels[(y + dy) * 900 + x + dx] = 0;
                    }
                }
            }
        }
        assert!(skew(&Mask::of(&page)).abs() < 0.0005);
        for degrees in [-2.9f32, -0.4, 1.2, 3.0] {
            let askew = page.rotated(degrees.to_radians());
            let found = skew(&Mask::of(&askew)).to_degrees();
            assert!((found + degrees).abs() < 0.05, "{degrees}: {found}");
        }
    }
}
