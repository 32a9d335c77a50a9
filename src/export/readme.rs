//! The read-me of an export, in English and Chinese: what is in it, how to open it, and what the figures do not say.

use super::sheet::Sheet;
use super::{Format, Options};
use crate::text::Lang;

/// The words of the read-me in `lang`.
pub(super) fn text(lang: Lang, sheets: &[Sheet], options: Options) -> String {
    let (page, reading) = match (lang, options.format) {
        (Lang::En, Format::Parquet) => (include_str!("readme/en.md"), include_str!("readme/parquet.en.md")),
        (Lang::En, Format::Csv) => (include_str!("readme/en.md"), include_str!("readme/csv.en.md")),
        (Lang::En, Format::Sqlite) => (include_str!("readme/en.md"), include_str!("readme/sqlite.en.md")),
        (Lang::En, Format::Xlsx) => (include_str!("readme/en.md"), include_str!("readme/xlsx.en.md")),
        (Lang::Zh, Format::Parquet) => (include_str!("readme/zh.md"), include_str!("readme/parquet.zh.md")),
        (Lang::Zh, Format::Csv) => (include_str!("readme/zh.md"), include_str!("readme/csv.zh.md")),
        (Lang::Zh, Format::Sqlite) => (include_str!("readme/zh.md"), include_str!("readme/sqlite.zh.md")),
        (Lang::Zh, Format::Xlsx) => (include_str!("readme/zh.md"), include_str!("readme/xlsx.zh.md")),
    };
    let line = |sheet: &Sheet| format!("| `{}` | {} |\n", sheet.name, sheet.about.get(lang));
    let tables: String = sheets.iter().map(line).collect();
    page.replace("{version}", env!("CARGO_PKG_VERSION"))
        .replace("{tables}", tables.trim_end())
        .replace("{reading}", reading.trim_end())
}
