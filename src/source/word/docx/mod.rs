//! Office Open XML text (docx) in, lines and tables in reading order out.
//!
//! ```text
//! package ─styles, numbering─┐
//!         ─document.xml──────┴→ document: items as nested in the file → tables: flow items
//! ```
//! The text is the one that is seen: tracked changes accepted, hidden text left out, automatic numbers written out.
//! Headers, footers, notes and comments are not read; layout on pages is not known.

mod document;
mod lists;
mod styles;

use super::numbering::Numbering;
use super::{embedded, foreign_part, tables};
use crate::error::{ErrorKind, Result};
use crate::finding::Findings;
use crate::page::{Body, Document, Format};
use crate::source::Options;
use crate::source::cfb::Compound;
use crate::source::guard;
use crate::source::zipped::Package;
use styles::Styles;

const FORMAT: &str = "docx";

/// Reads a docx file.
pub(super) fn read(bytes: &[u8], options: &Options, findings: &mut Findings) -> Result<Document> {
    guard::run(FORMAT, || {
        if Compound::is(bytes) {
            return Err(refuse(&Compound::open(bytes)?, options));
        }
        let mut package = Package::open(bytes, FORMAT, &options.limits)?;
        let main = linked(&mut package, "", "officeDocument")?.unwrap_or_else(|| "word/document.xml".into());
        let text = package.require(&main)?;
        let mut part = |kind| match linked(&mut package, &main, kind)? {
            Some(name) => package.text(&name),
            None => Ok(None),
        };
        let styles =
            part("styles")?.map_or_else(|| Ok(Styles::default()), |text| Styles::read(&text, &options.limits))?;
        let numbering =
            part("numbering")?.map_or_else(|| Ok(Numbering::default()), |text| lists::read(&text, &options.limits))?;
        let content = document::read(&text, &styles, numbering, &options.limits)?;
        findings.extend(content.foreign_part.then(foreign_part));
        findings.extend(content.embedded.then(embedded));
        let title = package.title("docProps/core.xml").unwrap_or_default();
        Ok(Document { format: Format::Docx, body: Body::Flow(tables::flow(content.items)), title })
    })
}

/// The part that `from` links to as `kind`.
fn linked(package: &mut Package<'_>, from: &str, kind: &str) -> Result<Option<String>> {
    let relations = package.relations(from)?;
    Ok(relations.into_iter().find(|relation| relation.kind == kind).map(|relation| relation.target))
}

fn refuse(file: &Compound<'_>, options: &Options) -> crate::error::Error {
    if !file.has("EncryptedPackage") {
        ErrorKind::Unsupported { format: "doc" }.into()
    } else if options.password.is_some() {
        ErrorKind::Unsupported { format: "encrypted docx" }.into()
    } else {
        ErrorKind::Encrypted { wrong_password: false }.into()
    }
}

/// What a main part holds, for the tests of what all formats share.
#[cfg(test)]
pub(super) fn content(text: &str) -> super::content::Content {
    let limits = crate::limits::Limits::default();
    document::read(text, &Styles::default(), Numbering::default(), &limits).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::FlowItem;
    use crate::source::zipped::pack;

    #[test]
    fn parts_are_found_by_their_links() {
        let link = |kind: &str, target: &str| format!("<Relationship Id='r' Type='x/{kind}' Target='{target}'/>");
        let links = |link: &str| format!("<Relationships>{link}</Relationships>");
        let bytes = pack(&[
            ("_rels/.rels", &links(&link("officeDocument", "/a/main.xml"))),
            ("a/_rels/main.xml.rels", &links(&link("styles", "s.xml"))),
            ("a/s.xml", "<styles><style w:type='paragraph' styleId='x'><name val='heading 2'/></style></styles>"),
            ("a/main.xml", "<document><body><p><pPr><pStyle val='x'/></pPr><r><t>甲</t></r></p></body></document>"),
            ("docProps/core.xml", "<core><dc:title> 乙 </dc:title></core>"),
        ]);
        let mut findings = Findings::new();
        let document = read(&bytes, &Options::default(), &mut findings).unwrap();
        assert_eq!(document.title.as_deref(), Some("乙"));
        let Body::Flow(items) = document.body else { panic!("pages") };
        assert!(matches!(&items[..], [FlowItem::Line(found)] if found.text == "甲" && found.heading == Some(2)));
    }

    #[test]
    fn encrypted_and_other_files_are_told_apart() {
        let code = |name: &str| {
            let bytes = crate::source::cfb::pack(name, b"1");
            read(&bytes, &Options::default(), &mut Findings::new()).unwrap_err().code()
        };
        assert_eq!(code("EncryptedPackage"), "encrypted");
        assert_eq!(code("WordDocument"), "unsupported-format");
        assert_eq!(read(b"PK\x03\x04", &Options::default(), &mut Findings::new()).unwrap_err().code(), "truncated");
    }
}
