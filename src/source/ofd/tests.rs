//! Whole packages, as a page sees them.

#[cfg(feature = "ocr")]
mod pictures;

use super::*;
use crate::error::Error;
use crate::finding::Code;
use crate::geom::Rect;
use crate::page::{Axis, Layer, Turn};
use crate::source::zipped::pack;

/// A millimetre in points.
const MM: f32 = 72.0 / 25.4;

const ROOT: &str =
    "<OFD><DocBody><DocInfo><Title>年报</Title></DocInfo><DocRoot>Doc_0/Document.xml</DocRoot></DocBody></OFD>";

fn document(common: &str, pages: &str) -> String {
    let area = "<PageArea><PhysicalBox>0 0 100 200</PhysicalBox></PageArea>";
    format!("<Document><CommonData>{area}{common}</CommonData><Pages>{pages}</Pages></Document>")
}

fn page(objects: &str) -> String {
    format!("<Page><Content><Layer Type='Body'>{objects}</Layer></Content></Page>")
}

fn text(attributes: &str, code: &str) -> String {
    format!(
        "<TextObject Boundary='10 20 50 5' Size='4' {attributes}><TextCode X='0' Y='4'>{code}</TextCode></TextObject>"
    )
}

fn read(members: &[(&str, &str)]) -> (Result<Document>, Findings) {
    let mut findings = Findings::default();
    (super::read(&pack(members), &Options::default(), &mut findings), findings)
}

/// The only page of a package with these resources and this content.
fn drawn(resources: &str, content: &str) -> Page {
    let document = document("<PublicRes>Res.xml</PublicRes>", "<Page ID='1' BaseLoc='Pages/P.xml'/>");
    let members = [
        ("OFD.xml", ROOT),
        ("Doc_0/Document.xml", &document),
        ("Doc_0/Res.xml", resources),
        ("Doc_0/Pages/P.xml", content),
    ];
    pages(read(&members).0).remove(0)
}

fn pages(document: Result<Document>) -> Vec<Page> {
    match document.unwrap().body {
        Body::Pages(pages) => pages,
        Body::Flow(_) => unreachable!("an OFD has pages"),
    }
}

fn line(page: &Page) -> String {
    page.glyphs.iter().map(|glyph| glyph.char).collect()
}

fn layers(page: &Page) -> Vec<(char, Layer)> {
    page.glyphs.iter().map(|glyph| (glyph.char, glyph.layer)).collect()
}

fn near(a: f32, b: f32) -> bool {
    (a - b).abs() < 0.01
}

#[test]
fn text_stands_where_it_is_said_to() {
    let page = drawn("<Res/>", &page(&text("", "年1")));
    assert!(near(page.width, 100.0 * MM) && near(page.height, 200.0 * MM));
    let first = page.glyphs[0];
    assert!(near(first.origin.x, 10.0 * MM) && near(first.origin.y, 24.0 * MM) && near(first.size, 4.0 * MM));
    assert!(near(first.bbox.width(), 4.0 * MM) && near(first.bbox.y0, (24.0 - 0.88 * 4.0) * MM));
    assert!(near(page.glyphs[1].origin.x, 14.0 * MM) && near(page.glyphs[1].bbox.width(), 2.0 * MM));
    assert_eq!(first.turn, Turn::None);
}

#[test]
fn objects_without_a_layer_are_read_too() {
    let content = page(&text("", "甲")).replace("</Content>", &format!("{}</Content>", text("", "乙")));
    assert_eq!(line(&drawn("<Res/>", &content)), "甲乙");
}

#[test]
fn a_matrix_moves_grows_and_turns() {
    let turned = drawn("<Res/>", &page(&text("CTM='0 1 -1 0 20 0'", "1")));
    assert_eq!(turned.glyphs[0].turn, Turn::Right);
    assert!(near(turned.glyphs[0].origin.x, 26.0 * MM) && near(turned.glyphs[0].origin.y, 20.0 * MM));
    assert_eq!(drawn("<Res/>", &page(&text("CharDirection='270'", "1"))).glyphs[0].turn, Turn::Left);
    assert_eq!(layers(&drawn("<Res/>", &page(&text("CTM='1 1 -1 1 0 0'", "密"))))[0].1, Layer::Watermark);
}

#[test]
fn bold_is_told_by_weight_and_font() {
    let fonts = "<Res><Fonts><Font ID='1' FontName='黑体' Bold='true'/><Font ID='2' FontName='宋体'/></Fonts></Res>";
    let objects = text("Font='1'", "1") + &text("Font='2' Weight='700'", "2") + &text("Font='2'", "3");
    let page = drawn(fonts, &page(&objects));
    assert_eq!(page.glyphs.iter().map(|g| (g.bold, g.font)).collect::<Vec<_>>(), [(true, 0), (true, 1), (false, 1)]);
    assert_eq!(page.glyphs.iter().map(|g| g.run).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn what_a_reader_does_not_see_is_marked_or_left_out() {
    let white = "<TextObject Boundary='10 20 50 5' Size='4'><FillColor Value='255 255 255'/><TextCode X='0' Y='4'>白</TextCode>\
                 </TextObject>";
    let far = "<TextObject Boundary='10 20 5 5' Size='4'><TextCode X='60' Y='90'>外</TextCode></TextObject>";
    let tight = "<TextObject Boundary='10 20 2 5' Size='4'><TextCode X='0' Y='4'>12</TextCode></TextObject>";
    let clipped = "<TextObject Boundary='10 20 50 5' Size='4'><Clips><Clip><Area><Path Boundary='0 0 5 5'><AbbreviatedData>\
                   M 0 0 L 5 0 L 5 5 L 0 5 C</AbbreviatedData></Path></Area></Clip></Clips><TextCode X='0' Y='4'>内外</TextCode>\
                   </TextObject>";
    let objects = [
        text("Visible='false'", "藏"),
        text("Alpha='0'", "透"),
        text("Fill='false'", "空"),
        white.into(),
        far.into(),
        tight.into(),
        clipped.into(),
    ];
    let page = drawn("<Res/>", &page(&objects.concat()));
    let expected = [('透', Layer::Invisible), ('空', Layer::Invisible), ('白', Layer::Concealed)];
    assert_eq!(layers(&page)[..3], expected);
    // A box that is too small hides no half of a number; a clip does what it says.
    assert_eq!(line(&page), "透空白12内");
}

#[test]
fn fonts_that_say_nothing_are_named() {
    let document = document("<PublicRes>Res.xml</PublicRes>", "<Page ID='1' BaseLoc='P.xml'/>");
    let fonts = "<Res><Fonts><Font ID='1' FontName='怪'/></Fonts></Res>";
    let content = page(&text("Font='1'", "\u{E001}&#0;⼈"));
    let members =
        [("OFD.xml", ROOT), ("Doc_0/Document.xml", &document), ("Doc_0/Res.xml", fonts), ("Doc_0/P.xml", &content)];
    let (document, findings) = read(&members);
    assert_eq!(line(&pages(document)[0]), "\u{FFFD}\u{FFFD}人");
    assert!(findings.iter().any(|finding| finding.code == Code::NoUnicode));
}

fn path(attributes: &str, colors: &str, data: &str) -> String {
    format!(
        "<PathObject Boundary='0 0 100 200' {attributes}>{colors}<AbbreviatedData>{data}</AbbreviatedData></PathObject>"
    )
}

#[test]
fn paths_are_rulings_fills_and_shapes() {
    let grey = "<FillColor Value='200 200 200'/>";
    let objects = [
        path("LineWidth='0.5'", "", "M 10 10 L 90 10"),
        path("Fill='true' Stroke='false'", grey, "M 10 20 L 90 20 L 90 20.3 L 10 20.3 C"),
        path("Fill='true' Stroke='false'", grey, "M 10 30 L 90 30 L 90 40 L 10 40 C"),
        path("Fill='true' Stroke='false'", "", "M 10 50 L 90 50 L 90 60 L 10 60 C"),
        path("", "", "M 10 70 B 20 70 30 80 40 90"),
        path("", "<StrokeColor Value='255 255 255'/>", "M 10 100 L 90 100"),
        path("Visible='0'", "", "M 10 110 L 90 110"),
    ];
    let page = drawn("<Res/>", &page(&objects.concat()));
    let rulings: Vec<_> = page.rulings.iter().map(|r| (r.axis, (r.at / MM * 100.0).round() / 100.0)).collect();
    assert_eq!(rulings, [(Axis::Horizontal, 10.0), (Axis::Horizontal, 20.15)]);
    assert!(near(page.rulings[0].width, 0.5 * MM));
    assert_eq!(page.fills.iter().map(|fill| fill.rgb).collect::<Vec<_>>(), [[200; 3]]);
    assert_eq!(page.shapes.len(), 1);
}

#[test]
fn drawing_parameters_fall_back_on_others_and_the_layer() {
    let params = "<Res><DrawParams><DrawParam ID='1' Relative='2'/><DrawParam ID='2' LineWidth='1'><StrokeColor \
                  Value='255 255 255'/></DrawParam><DrawParam ID='3' LineWidth='2'/></DrawParams></Res>";
    let objects = path("DrawParam='1'", "", "M 10 10 L 90 10") + &path("", "", "M 10 30 L 90 30");
    let page = drawn(params, &format!("<Page><Content><Layer DrawParam='3'>{objects}</Layer></Content></Page>"));
    // The first is white by its parameters.
    assert_eq!(page.rulings.iter().map(|r| (r.at / MM).round()).collect::<Vec<_>>(), [30.0]);
    assert!(near(page.rulings[0].width, 2.0 * MM));
}

#[test]
fn composites_are_drawn_where_they_are_used_and_circles_are_cut() {
    let unit = |inner: &str| {
        let text = "<TextObject Boundary='0 0 9 9' Size='4'><TextCode X='0' Y='4'>章</TextCode></TextObject>";
        format!(
            "<Res><CompositeGraphicUnits><CompositeGraphicUnit ID='7' Width='9' Height='9'><Content>{text}{inner}</Content>\
             </CompositeGraphicUnit></CompositeGraphicUnits></Res>"
        )
    };
    let used = "<PageBlock><CompositeObject Boundary='30 40 20 20' ResourceID='7' CTM='2 0 0 2 0 0'/></PageBlock>";
    let page = page(used);
    let plain = drawn(&unit(""), &page);
    assert_eq!(plain.glyphs.len(), 1);
    assert!(near(plain.glyphs[0].origin.y, 48.0 * MM) && near(plain.glyphs[0].size, 8.0 * MM));
    assert_eq!(drawn(&unit(used), &page).glyphs.len(), 1);
}

#[test]
fn an_image_without_a_matrix_fills_its_boundary() {
    let image =
        "<ImageObject Boundary='10 20 30 40' ResourceID='5'/><ImageObject Boundary='50 60 30 40' CTM='30 0 0 40 0 0'/>";
    let page = drawn("<Res/>", &page(&(image.to_owned() + &text("", "字"))));
    let boxes = [Rect::new(10.0, 20.0, 40.0, 60.0), Rect::new(50.0, 60.0, 80.0, 100.0)];
    for (found, expected) in page.images.iter().zip(boxes) {
        assert!(
            near(found.x0, expected.x0 * MM) && near(found.y1, expected.y1 * MM) && near(found.x1, expected.x1 * MM)
        );
    }
    assert_eq!(page.images.len(), 2);
}

#[test]
fn templates_and_annotations_belong_to_their_pages() {
    let common =
        "<TemplatePage ID='8' BaseLoc='/Doc_0/T.xml' ZOrder='Foreground'/><TemplatePage ID='9' BaseLoc='U.xml'/>";
    let pages_of = "<Page ID='1' BaseLoc='\\Pages\\A.xml'/><Page ID='2' BaseLoc='pages/b.XML'/>";
    let document =
        document(common, pages_of).replace("</Document>", "<Annotations>Annots/All.xml</Annotations></Document>");
    let with = |templates: &str| page(&text("", "体")).replace("<Page>", &format!("<Page>{templates}"));
    let (first, second) =
        (with("<Template TemplateID='8'/><Template TemplateID='9'/>"), with("<Template TemplateID='9'/>"));
    // Each template names the other.
    let (front, back) = (
        with("<Template TemplateID='9'/>").replace('体', "面"),
        with("<Template TemplateID='8'/>").replace('体', "底"),
    );
    let annotations = "<Annotations><Page PageID='2'><FileLoc>B.xml</FileLoc></Page></Annotations>";
    let note = |kind: &str, visible: &str, char: &str| {
        let look =
            format!("<Appearance Boundary='5 5 80 80'>{}</Appearance>", text("", char) + &path("", "", "M 0 0 L 50 0"));
        format!("<Annot Type='{kind}' Visible='{visible}'>{look}</Annot>")
    };
    let notes = [note("Stamp", "true", "注"), note("Watermark", "true", "印"), note("Stamp", "false", "藏")].concat();
    let members = [
        ("OFD.xml", ROOT),
        ("Doc_0/Document.xml", &document),
        ("Doc_0/Pages/A.xml", &first),
        ("Doc_0/Pages/B.xml", &second),
        ("Doc_0/T.xml", &front),
        ("Doc_0/U.xml", &back),
        ("Doc_0/Annots/All.xml", annotations),
        ("Doc_0/Annots/B.xml", &format!("<PageAnnot>{notes}</PageAnnot>")),
    ];
    let (document, findings) = read(&members);
    let pages = pages(document);
    // Text of the template that lies on top comes last.
    assert_eq!(line(&pages[0]), "体底面");
    assert_eq!(line(&pages[1]), "面底体注印");
    assert_eq!(pages[1].glyphs.last().unwrap().layer, Layer::Watermark);
    assert!(near(pages[1].glyphs[3].origin.x, 15.0 * MM) && pages[1].rulings.is_empty());
    assert!(findings.is_empty());
}

#[test]
fn documents_follow_each_other() {
    let body = |folder: &str| format!("<DocBody><DocRoot>/{folder}/Document.xml</DocRoot></DocBody>");
    let root = format!("<x:OFD xmlns:x='y'>{}{}</x:OFD>", body("Doc_0"), body("Doc_1"));
    let document = document("", "<Page ID='1' BaseLoc='P.xml'/>");
    let (first, second) = (page(&text("", "甲")), page(&text("", "乙")));
    let members = [
        ("OFD.xml", &*root),
        ("Doc_0/Document.xml", &document),
        ("Doc_1/Document.xml", &document),
        ("Doc_0/P.xml", &first),
        ("Doc_1/P.xml", &second),
    ];
    let pages = pages(read(&members).0);
    assert_eq!(
        pages.iter().map(|page| (page.number, line(page))).collect::<Vec<_>>(),
        [(1, "甲".into()), (2, "乙".into())]
    );
}

#[test]
fn a_missing_or_broken_page_is_said_and_the_rest_is_read() {
    let document =
        document("", "<Page ID='1' BaseLoc='A.xml'/><Page ID='2' BaseLoc='B.xml'/><Page ID='3' BaseLoc='C.xml'/>");
    let good = page(&text("", "字"));
    let (result, findings) = read(&[
        ("OFD.xml", ROOT),
        ("Doc_0/Document.xml", &document),
        ("Doc_0/A.xml", &good),
        ("Doc_0/C.xml", "<Page><Con"),
    ]);
    let document = result.unwrap();
    assert_eq!(document.title.as_deref(), Some("年报"));
    assert_eq!(pages(Ok(document)).len(), 3);
    assert_eq!(findings.iter().filter(|finding| finding.code == Code::Truncated).count(), 2);
}

fn refused(members: &[(&str, &str)]) -> Error {
    read(members).0.unwrap_err()
}

#[test]
fn what_cannot_be_read_is_refused() {
    assert_eq!(refused(&[("OFD.xml", ROOT)]).code(), "truncated");
    assert_eq!(refused(&[("OFD.xml", "<OFD/>")]).code(), "truncated");
    assert_eq!(refused(&[("OFD.xml", ROOT), ("Encryptions.xml", "<Encryptions/>")]).code(), "encrypted");
    let one = document("", "<Page ID='1' BaseLoc='A.xml'/>");
    let with = |content: &str| refused(&[("OFD.xml", ROOT), ("Doc_0/Document.xml", &one), ("Doc_0/A.xml", content)]);
    assert_eq!(refused(&[("OFD.xml", ROOT), ("Doc_0/Document.xml", &one)]).code(), "truncated");
    assert_eq!(with(&page("<ImageObject Boundary='0 0 100 200' ResourceID='1'/>")).code(), "no-text");
    let deep = "<PageBlock>".repeat(100) + &"</PageBlock>".repeat(100);
    assert_eq!(with(&page(&deep)).code(), "limit");
}

#[test]
fn composites_that_multiply_are_limited() {
    let unit = |id: u32| {
        let twice = format!("<CompositeObject Boundary='0 0 9 9' ResourceID='{}'/>", id + 1).repeat(2);
        format!("<CompositeGraphicUnit ID='{id}'><Content>{twice}</Content></CompositeGraphicUnit>")
    };
    let resources =
        format!("<Res><CompositeGraphicUnits>{}</CompositeGraphicUnits></Res>", (1..60).map(unit).collect::<String>());
    let document = document("<DocumentRes>R.xml</DocumentRes>", "<Page ID='1' BaseLoc='A.xml'/>");
    let content = page("<CompositeObject Boundary='0 0 9 9' ResourceID='1'/>");
    let members =
        [("OFD.xml", ROOT), ("Doc_0/Document.xml", &document), ("Doc_0/R.xml", &resources), ("Doc_0/A.xml", &content)];
    let options = Options { limits: Limits { elements: 10_000, ..Limits::default() }, ..Options::default() };
    let error = super::read(&pack(&members), &options, &mut Findings::default()).unwrap_err();
    assert_eq!(error.code(), "limit");
}

#[test]
fn templates_that_call_many_others_are_limited() {
    let names = 1..200;
    let common =
        names.clone().map(|id| format!("<TemplatePage ID='{id}' BaseLoc='T{id}.xml'/>")).collect::<Vec<_>>().concat();
    let document = document(&common, "<Page ID='1' BaseLoc='T0.xml'/>");
    let files = std::iter::once(0).chain(names).map(|id| (format!("Doc_0/T{id}.xml"), id + 1));
    let files: Vec<_> =
        files.map(|(name, next)| (name, format!("<Page><Template TemplateID='{next}'/></Page>"))).collect();
    let mut members = vec![("OFD.xml", ROOT), ("Doc_0/Document.xml", &*document)];
    members.extend(files.iter().map(|(name, text)| (&**name, &**text)));
    assert_eq!(refused(&members).code(), "limit");
}

#[test]
fn what_is_used_often_is_charged_often() {
    let pages = (0..50).map(|id| format!("<Page ID='{id}' BaseLoc='P.xml'/>")).collect::<Vec<_>>().concat();
    let document = document("<TemplatePage ID='1' BaseLoc='T.xml'/>", &pages);
    let content = "<Page><Template TemplateID='1'/></Page>";
    let template = page(&text("", &"字".repeat(1_000)));
    let members =
        [("OFD.xml", ROOT), ("Doc_0/Document.xml", &document), ("Doc_0/P.xml", content), ("Doc_0/T.xml", &template)];
    let read = |unpacked_bytes| {
        let options = Options { limits: Limits { unpacked_bytes, ..Limits::default() }, ..Options::default() };
        super::read(&pack(&members), &options, &mut Findings::default()).map_err(|error| error.code())
    };
    assert_eq!(read(200_000).unwrap_err(), "limit");
    assert!(read(2_000_000).is_ok());
}

#[test]
fn a_path_is_cut_to_its_box() {
    let cut = "<PathObject Boundary='10 10 80 0.4' LineWidth='0.4'><AbbreviatedData>M 0 0.2 L 200 0.2</AbbreviatedData></PathObject>";
    let page = drawn("<Res/>", &page(&(cut.to_owned() + &text("", "字"))));
    let ruling = page.rulings[0];
    assert!(near(ruling.at, 10.2 * MM) && (ruling.to - 90.0 * MM).abs() < 2.0, "{ruling:?}");
}
