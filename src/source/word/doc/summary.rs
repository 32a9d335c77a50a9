//! The stream of a compound file's own description in, its title out.

use crate::source::cfb::{u16_at, u32_at};
use crate::source::charset::of_code_page;
use encoding_rs::WINDOWS_1252;

const CODE_PAGE: u32 = 1;
const TITLE: u32 = 2;
const NARROW: u32 = 30;
const WIDE: u32 = 31;

/// The title, if there is one.
pub(super) fn title(stream: &[u8]) -> Option<String> {
    let set = stream.get(u32_at(stream, 44)? as usize..)?;
    let count = u32_at(set, 4)? as usize;
    let property = |id: u32| {
        let at = (0..count.min(set.len() / 8)).map(|i| 8 + 8 * i).find(|at| u32_at(set, *at) == Some(id))?;
        set.get(u32_at(set, at + 4)? as usize..)
    };
    let value = property(TITLE)?;
    let length = u32_at(value, 4)? as usize;
    let text = match u32_at(value, 0)? {
        NARROW => {
            let page = property(CODE_PAGE).and_then(|value| of_code_page(u16_at(value, 4)?));
            page.unwrap_or(WINDOWS_1252).decode(value.get(8..)?.get(..length)?).0.into_owned()
        }
        WIDE => {
            let units =
                value.get(8..)?.get(..length.checked_mul(2)?)?.chunks_exact(2).filter_map(|unit| u16_at(unit, 0));
            char::decode_utf16(units).map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        _ => return None,
    };
    let title = text.trim_end_matches('\0').trim();
    (!title.is_empty()).then(|| title.to_owned())
}
