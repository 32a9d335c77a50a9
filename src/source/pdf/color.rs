//! Colours as far as they matter here: whether ink can be told from the paper. No colour management.

use super::budget::Budget;
use crate::error::Result;
use crate::source::ink::paint::{BLACK, Rgb};
use hayro_syntax::object::{Name, Object};
use hayro_syntax::page::Resources;

/// A colour space.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Space {
    Gray,
    Rgb,
    Cmyk,
    /// Lightness and two colour axes.
    Lab,
    /// Amounts of ink of named colorants: none is white, the rest is known for black only.
    Tint {
        black: bool,
    },
    Indexed(Vec<[u8; 3]>),
    Unknown,
}

impl Space {
    /// The space called `name`, in the resources or by itself.
    pub(super) fn named(name: &Name<'_>, resources: &Resources<'_>, budget: &Budget) -> Result<Self> {
        if let Some(space) = Self::device(name) {
            return Ok(space);
        }
        match resources.get_color_space(name) {
            Some(object) => Self::read(&object, budget, 0),
            None => Ok(Self::Unknown),
        }
    }

    fn device(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"DeviceGray" | b"CalGray" | b"G" => Self::Gray,
            b"DeviceRGB" | b"CalRGB" | b"RGB" => Self::Rgb,
            b"DeviceCMYK" | b"CMYK" => Self::Cmyk,
            b"Pattern" => Self::Unknown,
            _ => return None,
        })
    }

    fn read(object: &Object<'_>, budget: &Budget, depth: u8) -> Result<Self> {
        const DEEPEST: u8 = 4;
        let array = match object {
            Object::Name(name) => return Ok(Self::device(name).unwrap_or(Self::Unknown)),
            Object::Array(array) if depth < DEEPEST => array,
            _ => return Ok(Self::Unknown),
        };
        let mut items = array.iter::<Object<'_>>();
        let Some(Object::Name(family)) = items.next() else { return Ok(Self::Unknown) };
        Ok(match family.as_ref() {
            b"ICCBased" => match items.next() {
                Some(Object::Stream(profile)) => match profile.dict().get::<u32>(b"N") {
                    Some(1) => Self::Gray,
                    Some(4) => Self::Cmyk,
                    _ => Self::Rgb,
                },
                _ => Self::Unknown,
            },
            b"Lab" => Self::Lab,
            b"Separation" => Self::Tint { black: matches!(items.next(), Some(Object::Name(n)) if &*n == b"Black") },
            b"DeviceN" => Self::Tint { black: false },
            b"Indexed" | b"I" => {
                let base = items.next().map_or(Ok(Self::Unknown), |base| Self::read(&base, budget, depth + 1))?;
                let table = items.nth(1).map_or(Ok(None), |table| bytes(&table, budget))?;
                Self::Indexed(base.palette(&table.unwrap_or_default()))
            }
            _ => Self::device(&family).unwrap_or(Self::Unknown),
        })
    }

    fn palette(&self, table: &[u8]) -> Vec<[u8; 3]> {
        let size = match self {
            Self::Gray => 1,
            Self::Rgb => 3,
            Self::Cmyk => 4,
            _ => return Vec::new(),
        };
        let unit = |bytes: &[u8]| bytes.iter().map(|b| f64::from(*b) / 255.0).collect::<Vec<_>>();
        table.chunks_exact(size).filter_map(|entry| self.rgb(&unit(entry))).collect()
    }

    /// The colour of these components.
    pub(super) fn rgb(&self, parts: &[f64]) -> Rgb {
        Some(match (self, parts) {
            (Self::Gray, [g, ..]) => [byte(*g); 3],
            (Self::Rgb, [r, g, b, ..]) => [byte(*r), byte(*g), byte(*b)],
            (Self::Cmyk, [c, m, y, k, ..]) => [c, m, y].map(|ink| byte((1.0 - ink) * (1.0 - k))),
            (Self::Lab, [l, ..]) => [byte(l / 100.0); 3],
            (Self::Tint { .. }, inks) if inks.iter().all(|ink| *ink <= 0.0) => [255; 3],
            (Self::Tint { black: true }, [t, ..]) => [byte(1.0 - t); 3],
            (Self::Indexed(palette), [i, ..]) => *palette.get(index(*i))?,
            _ => return None,
        })
    }

    /// The colour after the space has been chosen and before a colour has.
    pub(super) fn initial(&self) -> Rgb {
        match self {
            Self::Tint { .. } => self.rgb(&[1.0]),
            Self::Indexed(palette) => palette.first().copied(),
            Self::Unknown => None,
            _ => BLACK,
        }
    }
}

fn bytes(object: &Object<'_>, budget: &Budget) -> Result<Option<Vec<u8>>> {
    Ok(match object {
        Object::String(s) => Some(s.as_bytes().to_vec()),
        Object::Stream(s) => budget.unpack(s)?.map(std::borrow::Cow::into_owned),
        _ => None,
    })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0–255 before")]
fn byte(x: f64) -> u8 {
    (x.clamp(0.0, 1.0) * 255.0).round() as u8
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0–65535 before")]
fn index(x: f64) -> usize {
    x.clamp(0.0, 65535.0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use hayro_syntax::object::FromBytes;

    fn space(source: &[u8]) -> Space {
        Space::read(&Object::from_bytes(source).unwrap(), &Budget::new(1000), 0).unwrap()
    }

    #[test]
    fn colours_of_the_usual_spaces() {
        assert_eq!(space(b"/DeviceCMYK").rgb(&[0.0, 0.0, 0.0, 0.0]), Some([255; 3]));
        assert_eq!(space(b"[/Separation /Black /DeviceGray 1]").rgb(&[1.0]), Some([0; 3]));
        assert_eq!(space(b"[/Separation /Gold /DeviceGray 1]").rgb(&[1.0]), None);
        assert_eq!(space(b"[/Indexed /DeviceRGB 1 <FFFFFF102030>]").rgb(&[1.0]), Some([16, 32, 48]));
        assert_eq!(
            space(b"[/Indexed [/Indexed [/Indexed [/Indexed [/Indexed /G 1 <00>] 1 <00>] 1 <00>] 1 <00>] 1 <00>]")
                .rgb(&[0.0]),
            None
        );
    }
}
