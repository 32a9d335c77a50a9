//! What the reader makes of texts written by hand.

use super::reader::read;
use crate::error::Result;
use crate::limits::Limits;
use crate::source::word::content::{self, Item};

fn items(text: &[u8], limits: &Limits) -> Result<Vec<Item>> {
    let bytes = [b"{\\rtf1\\ansi\\ansicpg936 ", text, b"}"].concat();
    read(&bytes, limits).map(|(content, _)| content.items)
}

/// Paragraphs end with `/`; tables in brackets, with `;` after rows and `|` after cells.
fn show(items: &[Item]) -> String {
    let cell = |cell: &content::Cell| format!("{}x{:?} {}|", cell.span, cell.merge, show(&cell.items));
    let row = |row: &content::Row| row.cells.iter().map(cell).collect::<String>() + ";";
    let item = |item: &Item| match item {
        Item::Paragraph(paragraph) => paragraph.text.clone() + "/",
        Item::Table(table) => format!("[{}]", table.rows.iter().map(row).collect::<String>()),
    };
    items.iter().map(item).collect()
}

fn shown(text: &str) -> String {
    show(&items(text.as_bytes(), &Limits::default()).unwrap())
}

#[test]
fn text_is_decoded_by_its_font() {
    let fonts = "{\\fonttbl{\\f0\\fcharset134 x;}{\\f1\\fcharset136 y;}{\\f2\\fcharset2 z;}{\\f3\\fcharset0 w;}}";
    let big5 = "\\f1\\'a4\\'a4\\f2\\'b7\\f3\\'d6\\'d0\\'e9.";
    assert_eq!(shown(&format!("{fonts}\\f0\\'d6\\'d0{big5}\\par")), "中中\u{FFFD}ÖÐé./");
    assert_eq!(shown("\\'b0\\'a1\\'8c\\\\ \\u20013\\'d6\\u-10179?\\u-8704?{\\uc2\\u22269ab}c\\par"), "啊孿 中😀国c/");
}

#[test]
fn what_is_not_seen_is_left_out() {
    let text = "a{\\v b}{\\deleted c}{\\*\\new d}{\\footnote e}{\\field{\\*\\fldinst f}{\\fldrslt g}}{\\pict 00}\\bin3 }}}h\\par";
    assert_eq!(shown(text), "agh/");
    assert_eq!(shown("{\\upr{a}{\\*\\ud{b}}}{\\deleted\\par}c\\par"), "bc/");
    assert_eq!(shown("3{\\super 2}\\line{\\listtext 1.\\tab}{\\pntext\\bullet}x"), "3²\n1. x/");
}

#[test]
fn tables_are_nested_and_merged() {
    let shape = "\\trowd\\clvmgf\\cellx100\\clmgf\\cellx200\\clmrg\\cellx300";
    let row = format!("{shape}\\pard\\intbl a\\cell b\\cell\\cell\\row");
    assert_eq!(shown(&row), "[1xBegin a/|1xNone b/|;]");
    let inner =
        "\\itap2 x\\nestcell y\\nestcell{\\*\\nesttableprops\\trowd\\cellx50\\cellx90\\nestrow}{\\nonesttables\\par}";
    let row = format!(
        "\\trowd\\cellx100\\cellx200\\pard\\intbl a\\par{inner}\\pard\\intbl b\\cell c\\cell\\row\\pard d\\par"
    );
    assert_eq!(shown(&row), "[1xNone a/[1xNone x/|1xNone y/|;]b/|1xNone c/|;]d/");
}

#[test]
fn styles_give_headings_and_boxes_come_after_their_paragraph() {
    let text = "{\\stylesheet{\\s2 heading 2;}{\\s3\\outlinelevel0 other;}}\\s2 a\\par\\pard\\s3 b\\par\\pard c{\\shp{\\*\\shpinst{\\sp{\\sn n}{\\sv v}}{\\shptxt box\\par}}{\\shprslt old}}\\par";
    let items = items(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(show(&items), "a/b/c/box/");
    let headings: Vec<_> = items
        .iter()
        .map(|item| match item {
            Item::Paragraph(paragraph) => paragraph.heading,
            Item::Table(_) => None,
        })
        .collect();
    assert_eq!(headings, [Some(2), Some(1), None, None]);
}

#[test]
fn limits_and_ends_are_kept() {
    let code = |text: &[u8], limits: &Limits| items(text, limits).unwrap_err().code();
    let limits = Limits { nesting: 10, elements: 3, ..Limits::default() };
    assert_eq!(code(&b"{".repeat(11), &limits), "limit");
    assert_eq!(code(b"\\par\\par\\par\\par", &limits), "limit");
    assert_eq!(code(b"\\itap70 x\\par", &Limits::default()), "limit");
    assert_eq!(code(b"{", &Limits::default()), "truncated");
}
