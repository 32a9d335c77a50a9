//! The page around the sections: escaping, tables, the style sheet.

use super::plot::{self, Layer};
use crate::emit::tables_text::escaped;
use crate::text::Lang;
use std::fmt;

/// Writes in one language.
pub(super) struct Writer<'a> {
    pub(super) lang: Lang,
    /// The address of an input.
    pub(super) link: &'a dyn Fn(&str) -> Option<String>,
}

/// A cell of a table: its text is escaped already.
pub(super) struct Cell {
    html: String,
    /// How it is set: `n` for numbers, `w` for words that are not broken.
    class: &'static str,
}

impl Cell {
    /// Plain text.
    pub(super) fn text(text: impl AsRef<str>) -> Self {
        Self { html: escape(text.as_ref()), class: "" }
    }

    /// A number.
    pub(super) fn number(number: impl fmt::Display) -> Self {
        Self { html: escape(&number.to_string()), class: "n" }
    }

    /// A year.
    pub(super) fn year(year: i64) -> Self {
        Self { html: year.to_string(), class: "w" }
    }

    /// Text with marks of its own.
    pub(super) fn html(html: String) -> Self {
        Self { html, class: "" }
    }
}

impl Writer<'_> {
    /// The wording in the page's language.
    pub(super) fn say<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        match self.lang {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }

    /// A section with its heading.
    pub(super) fn section(&self, en: &str, zh: &str, body: &str) -> String {
        format!("<section>\n<h2>{}</h2>\n{body}</section>\n", escape(self.say(en, zh)))
    }

    /// A paragraph of ours.
    pub(super) fn note(&self, en: &str, zh: &str) -> String {
        format!("<p class=\"note\">{}</p>\n", escape(self.say(en, zh)))
    }

    /// A table with a header; a heading is set as the cells of its first row.
    pub(super) fn table(&self, head: &[(&str, &str)], rows: impl IntoIterator<Item = Vec<Cell>>) -> String {
        let set = |tag: &str, class: &str, html: &str| match class {
            "" => format!("<{tag}>{html}</{tag}>"),
            class => format!("<{tag} class=\"{class}\">{html}</{tag}>"),
        };
        let mut rows = rows.into_iter().peekable();
        let classes: Vec<&str> = rows.peek().map(|row| row.iter().map(|cell| cell.class).collect()).unwrap_or_default();
        let name = |((en, zh), class): (&(&str, &str), &str)| set("th", class, &escape(self.say(en, zh)));
        let head: String = head.iter().zip(classes).map(name).collect();
        let cell = |cell: Cell| set("td", cell.class, &cell.html);
        let row = |row: Vec<Cell>| format!("<tr>{}</tr>\n", row.into_iter().map(cell).collect::<String>());
        let rows: String = rows.map(row).collect();
        format!("<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n")
    }

    /// A plot with the names of its colours.
    pub(super) fn plot(&self, years: &[i64], layers: &[Layer], style: plot::Style, axis: (&str, &str)) -> String {
        let svg = plot::bars(years, layers, style, self.say(axis.0, axis.1));
        if svg.is_empty() {
            return String::new();
        }
        let key = |(at, layer): (usize, &Layer)| {
            format!("<span><i style=\"background:{}\"></i>{}</span>", plot::css(at), escape(&layer.name))
        };
        let keys: String = layers.iter().enumerate().map(key).collect();
        format!("<figure>\n<figcaption>{keys}</figcaption>\n{svg}</figure>\n")
    }

    /// The name of an input, linked where it has an address.
    pub(super) fn input(&self, path: &str, page: Option<i64>) -> String {
        let name = escape(path);
        match (self.link)(path) {
            Some(address) => {
                let page = page.map(|page| format!("#page={page}")).unwrap_or_default();
                format!("<a href=\"{}{page}\">{name}</a>", escape(&address))
            }
            None => name,
        }
    }

    /// The whole page.
    pub(super) fn page(&self, headline: &str, body: &str) -> String {
        let (lang, title) = (self.say("en", "zh-CN"), escape(self.say("Summary of the dataset", "数据集概要")));
        format!(
            "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
             <style>\n{}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n{headline}</header>\n<main>\n{body}</main>\n\
             <footer>gouji {}</footer>\n</body>\n</html>\n",
            include_str!("summary.css"),
            env!("CARGO_PKG_VERSION"),
        )
    }
}

/// Text as it may stand anywhere in a page.
pub(super) fn escape(text: &str) -> String {
    escaped(text).replace('\'', "&#39;")
}

/// A share of a whole, in per cent with one decimal; told in words where it is too small to see.
pub(super) fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".into();
    }
    let tenths = (u128::from(part) * 2000 / u128::from(whole)).div_ceil(2);
    match (tenths, part) {
        (0, 1..) => "< 0.1 %".into(),
        (1000, _) if part < whole => "> 99.9 %".into(),
        _ => format!("{}.{} %", tenths / 10, tenths % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_documents_cannot_become_markup() {
        assert_eq!(escape("<b a='\"'>&"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;");
    }

    #[test]
    fn a_small_share_is_not_none_and_a_large_one_not_all() {
        let shares = [(0, 9), (1, 9), (1, 100_000), (99_999, 100_000), (9, 9), (0, 0)];
        let shares = shares.map(|(part, whole)| share(part, whole));
        assert_eq!(shares, ["0.0 %", "11.1 %", "< 0.1 %", "> 99.9 %", "100.0 %", "–"]);
    }
}
