//! What the attributes of the Open Document Format say, for sheets and texts alike.

use super::xml::Tag;
use crate::number::Set;

/// A count such as that of repeated columns or spanned rows: 1 where nothing is said.
pub(crate) fn count(tag: &Tag<'_>, name: &str) -> u32 {
    tag.number(name).unwrap_or(1).max(1)
}

/// A position of text: `super` or `sub`, or how far above the line, then the size.
pub(crate) fn set(position: &str) -> Set {
    let rise = position.split_whitespace().next().unwrap_or_default();
    match (rise, rise.trim_end_matches('%').parse::<f32>()) {
        ("super", _) => Set::Raised,
        ("sub", _) => Set::Lowered,
        (_, Ok(rise)) if rise > 0.0 => Set::Raised,
        (_, Ok(rise)) if rise < 0.0 => Set::Lowered,
        _ => Set::On,
    }
}

/// Whether a row or column is not shown.
pub(crate) fn is_hidden(tag: &Tag<'_>) -> bool {
    tag.attr("visibility").is_some_and(|visibility| visibility != "visible")
}

/// Whether the manifest of a package speaks of encryption.
pub(crate) fn is_encrypted(manifest: &str) -> bool {
    manifest.contains("encryption-data")
}
