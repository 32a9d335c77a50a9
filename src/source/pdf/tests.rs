//! Whole documents, written by hand and without a cross-reference table: what a page comes out as.

use super::*;
use crate::geom::Point;
use crate::page::{Axis, Layer, Runs, StructCell, Turn};

const LATIN: &str = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";

/// A document of one page: entries of the page, its content, and further objects from number 10 on.
fn document(page: &str, content: &[u8], more: &[&str]) -> Vec<u8> {
    let resources = "<</Font<</F 10 0 R/G 11 0 R>>/XObject<</X 12 0 R>>/Properties<</P 13 0 R>>>>";
    let mut out = format!(
        "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[13 0 R]/D<</OFF[13 0 R]>>>>>>endobj\n\
         2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
         3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources{resources}{page}>>endobj\n"
    );
    for (number, object) in (10..).zip([LATIN].iter().chain(more)) {
        out.extend([number.to_string().as_str(), " 0 obj", object, "endobj\n"]);
    }
    let mut out = out.into_bytes();
    out.extend(format!("4 0 obj<</Length {}>>stream\n", content.len()).bytes());
    out.extend(content);
    out.extend(b"\nendstream endobj\ntrailer<</Root 1 0 R>>");
    out
}

fn opened(bytes: &[u8], options: &Options) -> (Result<Document>, Findings) {
    let mut findings = Vec::new();
    (read(bytes, options, &mut findings), findings)
}

fn page_of(bytes: &[u8]) -> (Page, Findings) {
    let (document, findings) = opened(bytes, &Options::default());
    match document.unwrap().body {
        Body::Pages(mut pages) => (pages.remove(0), findings),
        Body::Flow(_) => panic!("a PDF has pages"),
    }
}

fn text_of(page: &Page, layer: Layer) -> String {
    page.glyphs.iter().filter(|g| g.layer == layer).map(|g| g.char).collect()
}

#[test]
fn text_and_lines_stand_where_they_are_seen() {
    let (page, _) = page_of(&document("", b"BT /F 10 Tf 20 30 Td (7) Tj ET 10 50 m 190 50 l S", &[]));
    let glyph = page.glyphs[0];
    assert_eq!((glyph.char, glyph.origin, glyph.size, glyph.turn), ('7', Point { x: 20.0, y: 70.0 }, 10.0, Turn::None));
    assert!((glyph.bbox.x1 - 25.56).abs() < 0.01 && (glyph.bbox.y1 - 71.2).abs() < 0.01);
    let line = page.rulings[0];
    assert_eq!((line.axis, line.at, line.from, line.to), (Axis::Horizontal, 50.0, 10.0, 190.0));
}

#[test]
fn a_rotated_and_cropped_page_is_turned_upright() {
    let entries = "/Rotate 90/CropBox[10 20 110 90]";
    let (page, _) = page_of(&document(entries, b"BT /F 10 Tf 0 1 -1 0 60 30 Tm (7) Tj ET", &[]));
    assert_eq!((page.width, page.height), (70.0, 100.0));
    // Upwards on the sheet is to the right once the page is turned clockwise.
    assert_eq!((page.glyphs[0].turn, page.glyphs[0].origin), (Turn::None, Point { x: 10.0, y: 50.0 }));
}

#[test]
fn chinese_text_without_maps_in_its_font() {
    let simple = "<</Type/Font/Subtype/TrueType/BaseFont/SimSun/Encoding/WinAnsiEncoding/FirstChar 0/LastChar 1/Widths[500 500]>>";
    let content = b"BT /G 10 Tf (\xC4\xEA12) Tj ET";
    assert_eq!(text_of(&page_of(&document("", content, &[simple])).0, Layer::Ink), "年12");
    let composite = "<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/GBK-EUC-H/DescendantFonts[<</Type/Font\
                     /Subtype/CIDFontType2/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>]>>";
    assert_eq!(text_of(&page_of(&document("", content, &[composite])).0, Layer::Ink), "年12");
}

#[test]
fn a_glyph_that_no_map_explains_is_not_guessed() {
    let font = "<</Type/Font/Subtype/Type0/BaseFont/Founder/Encoding/Identity-H\
                /DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/Founder>>]>>";
    let (page, findings) = page_of(&document("", b"BT /G 10 Tf <00330034> Tj ET", &[font]));
    assert_eq!(text_of(&page, Layer::Ink), "\u{FFFD}\u{FFFD}");
    assert_eq!(findings.iter().map(|f| f.code).collect::<Vec<_>>(), [Code::NoUnicode]);
    assert!(findings[0].message.en.contains("Founder"));
}

#[test]
fn hidden_text_is_told_apart() {
    let content = b"BT /F 10 Tf 9 9 Td (a) Tj 3 Tr (b) Tj 0 Tr 1 g (c) Tj 0 g ET \
                    /OC /P BDC BT /F 10 Tf 9 50 Td (d) Tj ET EMC \
                    /Artifact <</Subtype/Watermark>> BDC BT /F 10 Tf 9 70 Td (e) Tj ET EMC \
                    BT /F 10 Tf 0.7 0.7 -0.7 0.7 60 60 Tm (f) Tj 1 0 0 1 500 9 Tm (g) Tj ET";
    let (page, _) = page_of(&document("", content, &[LATIN, "null", "<</Type/OCG/Name(draft)>>"]));
    let layers = [Layer::Ink, Layer::Invisible, Layer::Concealed, Layer::Watermark];
    assert_eq!(layers.map(|layer| text_of(&page, layer)), ["a", "b", "c", "ef"]);
}

#[test]
fn a_form_that_draws_itself_comes_to_an_end() {
    let form = "<</Subtype/Form/BBox[0 0 99 99]/Resources<</XObject<</X 12 0 R>>/Font<</F 10 0 R>>>>/Length 38>>stream\n\
                BT /F 9 Tf 9 9 Td (a) Tj ET /X Do /X Do\nendstream ";
    assert_eq!(text_of(&page_of(&document("", b"/X Do", &[LATIN, form])).0, Layer::Ink), "a");
}

#[test]
fn limits_end_the_reading() {
    let content = b"BT /F 9 Tf 9 9 Td (aaaa) Tj ET 0 0 m 9 9 l 9 0 l S";
    for (name, limit) in [("glyphs", 3), ("marks", 1), ("unpacked-bytes", 9), ("input-bytes", 9), ("pages", 0)] {
        let mut options = Options::default();
        assert!(options.limits.set(name, limit));
        let error = opened(&document("", content, &[]), &options).0.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Limit { what, .. } if *what == name), "{name}: {error}");
    }
}

#[test]
fn a_picture_of_text_is_no_text() {
    let (result, findings) =
        opened(&document("", b"200 0 0 100 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI", &[]), &Options::default());
    let error = result.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NoText { pages: 1, models: false }));
    assert_eq!((findings[0].code, &findings[0].help), (Code::NoText, &error.help()));
}

#[test]
fn what_is_no_document_is_an_error() {
    for bytes in [&b""[..], b"%PDF-1.7", b"%PDF-1.7\n1 0 obj[[[[[[[["] {
        assert!(matches!(opened(bytes, &Options::default()).0.unwrap_err().kind(), ErrorKind::Truncated { .. }));
    }
}

/// A document whose tree is object 20 and whose elements follow it.
fn tagged(content: &[u8], form: &str, elements: &[&str]) -> Vec<u8> {
    let mut objects = vec![LATIN, form, "<</MCID 5>>", "null", "null", "null", "null", "null", "null"];
    objects.extend(elements);
    let bytes = document("", content, &objects);
    let root = b"/Catalog";
    let at = bytes.windows(root.len()).position(|bytes| bytes == root).unwrap() + root.len();
    [&bytes[..at], b"/StructTreeRoot 20 0 R", &bytes[at..]].concat()
}

/// Rows of cells, each as its text, its spans, and `h` for a heading, `b` for a blank.
fn stated(bytes: &[u8]) -> Vec<Vec<Vec<String>>> {
    let page = page_of(bytes).0;
    let text =
        |runs: &Runs| -> String { page.glyphs.iter().filter(|g| runs.runs.contains(&g.run)).map(|g| g.char).collect() };
    let cell = |cell: &StructCell| {
        let text: String = cell.content.iter().map(text).collect();
        let columns = cell.column_span.map_or("?".into(), |span| span.to_string());
        let marks = [(cell.header, "h"), (cell.blank, "b")].map(|(is, mark)| if is { mark } else { "" }).concat();
        format!("{text} {}x{columns}{marks}", cell.row_span)
    };
    page.tables.iter().map(|table| table.rows.iter().map(|row| row.iter().map(cell).collect()).collect()).collect()
}

const MARKED: &[u8] = b"BT /F 9 Tf 9 90 Td /P<</MCID 0>>BDC (a) Tj /Span<</MCID 1>>BDC (b) Tj EMC (c) Tj EMC (d) Tj \
    /P/P BDC (e) Tj EMC /P<</MCID 2>>BDC (f) Tj ET /X Do EMC";

#[test]
fn a_table_of_the_structure_tree_names_its_text() {
    let root = "<</K 21 0 R/RoleMap<</grid/Sheet/Sheet/Table/cell/TD/x/y/y/x>>\
                /ClassMap<</wide[0<</O/Table/ColSpan 2>>]/tall<</O/Table/RowSpan 3>>>>>>";
    let table = "<</S/grid/Pg 3 0 R/K[<</S/Caption/K 5>><</S/THead/K 22 0 R>><</S/x/K[22 0 R<</S/TR/K[<</S/cell>>\
                 <</S/cell/K<</Type/OBJR/Obj 3 0 R>>>>]>>]>>]>>";
    let head = "<</S/TR/K[<</S/TH/C[/wide/tall]/A<</O/Table/RowSpan 2>>/K 0>>\
                <</S/TD/A[<</O/Layout/ColSpan 9>>0<</O/Table/ColSpan 0>>]/K<</S/P/K[1<</Type/MCR/MCID 2>>1 99 -1]>>>>]>>";
    let tables = stated(&tagged(MARKED, "null", &[root, table, head]));
    assert_eq!(tables, [[vec!["ac 2x2h", "bf 1x?"], vec![" 1x?b", " 1x?"]]]);
}

#[test]
fn text_of_a_form_is_named_with_its_stream() {
    let form = "<</Subtype/Form/BBox[0 0 99 99]/Resources<</Font<</F 10 0 R>>>>/Length 66>>stream\n\
                BT /F 9 Tf (g) Tj /P<</MCID 0>>BDC 9 9 Td (h) Tj EMC ET          \nendstream ";
    let table =
        "<</S/Table/Pg 3 0 R/K<</S/TR/K[<</S/TD/K 0>><</S/TD/K<</Type/MCR/Stm 12 0 R/MCID 0>>>><</S/TD/K 2>>]>>>>";
    let tables = stated(&tagged(MARKED, form, &["<</K 21 0 R>>", table]));
    // What the form does not number itself belongs to the content that it is drawn in.
    assert_eq!(tables, [[["ac 1x?", "h 1x?", "fg 1x?"]]]);
}

#[test]
fn a_table_in_a_cell_is_a_table_of_its_own() {
    let inner = "<</S/Table/K<</S/TR/K<</S/TD/K 1>>>>>>";
    let table = format!("<</S/Table/Pg 3 0 R/K<</S/TR/K<</S/TD/K[{inner} 0]>>>>>>");
    let tables = stated(&tagged(MARKED, "null", &["<</K 21 0 R>>", &table]));
    assert_eq!(tables, [[["ac 1x?"]], [["b 1x?"]]]);
}

#[test]
fn a_tree_without_end_is_read_once_or_not_at_all() {
    let table = "<</S/Table/Pg 3 0 R/K[21 0 R<</S/TR/K[<</S/TD/K[0 21 0 R]>>20 0 R]>>]>>";
    let circle = tagged(MARKED, "null", &["<</K[21 0 R 20 0 R]>>", table]);
    assert_eq!(stated(&circle), [[["ac 1x?"]]]);
    let mut options = Options::default();
    assert!(options.limits.set("nesting", 2));
    let Body::Pages(pages) = opened(&circle, &options).0.unwrap().body else { panic!("a PDF has pages") };
    assert!(pages[0].tables.is_empty());
}
