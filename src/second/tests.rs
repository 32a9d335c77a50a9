//! What the decoder is given and gives, on documents made here: each shows one thing that it misreads by itself.

use super::decode::{Char, Decoder};
use pdf_extract::{Dictionary, Document, Object, Stream, dictionary};

fn name(name: &str) -> Object {
    Object::Name(name.into())
}

/// A page of 200 by 100 points with these instructions and these resources besides the font `/H`.
fn page(instructions: &str, add: impl FnOnce(&mut Document) -> Dictionary) -> Vec<Char> {
    let mut doc = Document::with_version("1.7");
    let mut resources = add(&mut doc);
    let mut fonts = resources.remove(b"Font").and_then(|fonts| fonts.as_dict().ok().cloned()).unwrap_or_default();
    fonts.set("H", dictionary! { "Type" => name("Font"), "Subtype" => name("Type1"), "BaseFont" => name("Helvetica") });
    resources.set("Font", fonts);
    let content = doc.add_object(Stream::new(Dictionary::new(), instructions.into()));
    let pages = doc.new_object_id();
    let page = doc.add_object(dictionary! {
        "Type" => name("Page"), "Parent" => pages, "Contents" => content, "Resources" => resources,
        "MediaBox" => vec![0.into(), 0.into(), 200.into(), 100.into()],
    });
    let tree = dictionary! { "Type" => name("Pages"), "Kids" => vec![page.into()], "Count" => 1 };
    doc.objects.insert(pages, tree.into());
    let catalog = doc.add_object(dictionary! { "Type" => name("Catalog"), "Pages" => pages });
    doc.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    doc.save_to(&mut bytes).unwrap();
    Decoder::open(&bytes, None).unwrap().page(1).unwrap()
}

fn plain(_: &mut Document) -> Dictionary {
    Dictionary::new()
}

/// The characters with the place of the pen, in whole points.
fn shown(chars: &[Char]) -> String {
    let one = |char: &Char| format!("{}@{:.0},{:.0}", char.text, char.pen.x, char.pen.y);
    chars.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[test]
fn places_are_those_of_the_page_as_it_is_seen() {
    let chars = page("BT /H 10 Tf 20 70 Td (12) Tj ET", plain);
    assert_eq!(shown(&chars), "1@20,30 2@26,30");
    assert!(chars.iter().all(|char| (char.size - 10.0).abs() < 0.01 && (char.width - 5.56).abs() < 0.01));
    let turned = page("BT /H 10 Tf 0 2 -2 0 20 70 Tm (12) Tj ET", plain);
    assert_eq!(shown(&turned), "1@20,30 2@20,19");
    assert!((turned[0].along.y + 1.0).abs() < 0.01 && (turned[0].size - 20.0).abs() < 0.01);
    assert!(page("BT /H 10 Tf 300 70 Td (12) Tj ET", plain).is_empty(), "beside the page");
}

#[test]
fn every_operator_that_shows_text_is_followed() {
    let chars = page("BT /H 10 Tf 12 TL 20 70 Td (1) Tj (2) ' 0 3 (34) \" 0 -20 Td (5) Tj ET", plain);
    assert_eq!(shown(&chars), "1@20,30 2@20,42 3@20,54 4@29,54 5@20,74");
}

#[test]
fn invisible_text_is_not_read() {
    let chars = page("BT /H 10 Tf 20 70 Td q 3 Tr (1) Tj [(2)] TJ Q 0 -20 Td (3) Tj ET", plain);
    assert_eq!(shown(&chars), "3@20,50");
}

#[test]
fn forms_stand_where_they_are_drawn_and_images_are_no_text() {
    let chars = page("q 2 0 0 2 10 10 cm /Outer Do /Picture Do /Missing Do Q BT /H 10 Tf 0 0 Td (9) Tj ET", |doc| {
        let fonts = dictionary! { "H" => dictionary! {
            "Type" => name("Font"), "Subtype" => name("Type1"), "BaseFont" => name("Helvetica"),
        } };
        let inner = doc.add_object(Stream::new(
            dictionary! { "Subtype" => name("Form"), "Matrix" => [1, 0, 0, 1, 5, 0].map(Object::from).to_vec(),
            "Resources" => dictionary! { "Font" => fonts } },
            b"BT /H 10 Tf 0 10 Td (7) Tj ET".to_vec(),
        ));
        let outer = doc.add_object(Stream::new(
            dictionary! { "Subtype" => name("Form"), "Resources" => dictionary! { "XObject" => dictionary! {
            "Inner" => inner } } },
            b"1 0 0 1 10 0 cm /Inner Do /Inner Do".to_vec(),
        ));
        let samples = b"BT /H 10 Tf 50 50 Td (8) Tj ET".to_vec();
        let picture = doc.add_object(Stream::new(dictionary! { "Subtype" => name("Image") }, samples));
        dictionary! { "XObject" => dictionary! { "Outer" => outer, "Picture" => picture } }
    });
    assert_eq!(shown(&chars), "7@40,70 7@40,70 9@0,100");
}

#[test]
fn a_form_that_draws_itself_comes_to_an_end() {
    let chars = page("/Loop Do BT /H 10 Tf 0 0 Td (9) Tj ET", |doc| {
        let form = doc.new_object_id();
        let itself = dictionary! { "XObject" => dictionary! { "Loop" => form } };
        let dict = dictionary! { "Subtype" => name("Form"), "Resources" => itself.clone() };
        doc.objects.insert(form, Stream::new(dict, b"/Loop Do /Loop Do".to_vec()).into());
        itself
    });
    assert_eq!(shown(&chars), "9@0,100");
}

/// A composite font with these entries and these of its descendant.
fn composite(doc: &mut Document, encoding: &str, widths: Vec<Object>) -> Dictionary {
    let descendant = dictionary! {
        "Type" => name("Font"), "Subtype" => name("CIDFontType0"), "W" => widths, "DW" => 1000,
    };
    let font = doc.add_object(dictionary! {
        "Type" => name("Font"), "Subtype" => name("Type0"), "BaseFont" => name("Some"), "Encoding" => name(encoding),
        "DescendantFonts" => vec![descendant.into()],
    });
    dictionary! { "Font" => dictionary! { "C" => font } }
}

#[test]
fn widths_of_ranges_are_widths() {
    let read = |widths: Vec<Object>| {
        page("BT /C 10 Tf 20 70 Td <00310032003A0033> Tj ET", |doc| composite(doc, "UniGB-UCS2-H", widths))
    };
    let ranges = read(vec![1.into(), 40.into(), 500.into()]);
    assert_eq!(shown(&ranges), "1@20,30 2@25,30 :@30,30 3@35,30");
    let listed = read(vec![18.into(), vec![500.into(), 400.into()].into()]);
    assert_eq!(shown(&listed), "1@20,30 2@25,30 :@29,30 3@39,30");
}

#[test]
fn codes_of_predefined_cmaps_are_told_apart() {
    let gbk = page("BT /C 10 Tf 20 70 Td <31D4AAA3B132> Tj ET", |doc| {
        composite(doc, "GBK-EUC-H", vec![814.into(), 939.into(), 500.into()])
    });
    assert_eq!(shown(&gbk), "1@20,30 @25,30 １@35,30 2@45,30");
    let other = page("BT /C 10 Tf 20 70 Td <00310032> Tj ET", |doc| composite(doc, "ETen-B5-H", Vec::new()));
    assert_eq!(shown(&other), "@20,30 @30,30");
    let vertical = page("BT /C 10 Tf 20 70 Td <00310032> Tj ET", |doc| composite(doc, "UniGB-UCS2-V", Vec::new()));
    assert_eq!(shown(&vertical), "1@20,30 2@20,30");
}

#[test]
fn widths_of_a_type_3_font_are_in_its_own_units() {
    let chars = page("BT /C 10 Tf 20 70 Td (12) Tj ET", |doc| {
        let font = doc.add_object(dictionary! {
            "Type" => name("Font"), "Subtype" => name("Type3"), "FirstChar" => 49, "LastChar" => 50,
            "FontMatrix" => vec![0.01.into(), 0.into(), 0.into(), 0.01.into(), 0.into(), 0.into()],
            "Widths" => vec![50.into(), 50.into()],
            "Encoding" => dictionary! { "Differences" => vec![49.into(), name("one"), name("two")] },
        });
        dictionary! { "Font" => dictionary! { "C" => font } }
    });
    assert_eq!(shown(&chars), "1@20,30 2@25,30");
}

#[test]
fn a_panic_of_the_decoder_is_an_error_of_that_page() {
    let bytes = b"%PDF-1.4\nno pages\n%%EOF";
    assert!(Decoder::open(bytes, None).is_err());
    let broken = || page("BT (no font) Tj ET", plain);
    assert!(std::panic::catch_unwind(broken).is_err(), "the helper unwraps what the guard has turned into an error");
}
