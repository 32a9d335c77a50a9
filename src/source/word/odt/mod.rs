//! Text of the Open Document Format in, lines and tables in reading order out; packages, and flat files of plain XML.
//!
//! ```text
//! styles.xml ──→ styles (with lists) ─┐
//! content.xml ─→  the same ───────────┴→ body: items as nested in the file
//! ```

mod body;
mod styles;
mod table;

use super::{embedded, tables};
use crate::error::{ErrorKind, Result};
use crate::finding::Findings;
use crate::page::{Body, Document, Format};
use crate::source::opendocument::is_encrypted;
use crate::source::xml::Xml;
use crate::source::zipped::Package;
use crate::source::{Options, charset, guard};
use styles::Styles;

const FORMAT: &str = "odt";

/// Reads an odt file.
pub(super) fn read(bytes: &[u8], options: &Options, findings: &mut Findings) -> Result<Document> {
    guard::run(FORMAT, || {
        let limits = &options.limits;
        let mut styles = Styles::default();
        let (content, title) = if bytes.starts_with(b"PK") {
            let mut package = Package::open(bytes, FORMAT, limits)?;
            if package.text("META-INF/manifest.xml")?.is_some_and(|manifest| is_encrypted(&manifest)) {
                return Err(match options.password {
                    Some(_) => ErrorKind::Unsupported { format: "encrypted odt" }.into(),
                    None => ErrorKind::Encrypted { wrong_password: false }.into(),
                });
            }
            if let Some(text) = package.text("styles.xml")? {
                styles.read(&mut Xml::new(&text, FORMAT, limits))?;
            }
            let content = package.require("content.xml")?;
            (content, package.title("meta.xml").unwrap_or_default())
        } else {
            (charset::decode(bytes, charset::declared(bytes), findings).into_owned(), None)
        };
        let mut xml = Xml::new(&content, FORMAT, limits);
        styles.read(&mut xml)?;
        let content = body::read(&mut xml, styles, limits)?;
        findings.extend(content.embedded.then(embedded));
        Ok(Document { format: Format::Odt, body: Body::Flow(tables::flow(content.items)), title })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::FlowItem;
    use crate::source::zipped::pack;

    fn code(members: &[(&str, &str)]) -> &'static str {
        read(&pack(members), &Options::default(), &mut Findings::new()).unwrap_err().code()
    }

    #[test]
    fn packages_and_flat_files_are_read() {
        let body = "<office:body><office:text><text:h text:outline-level='2'>甲</text:h></office:text></office:body>";
        let content = format!("<office:document>{body}</office:document>");
        let package = pack(&[("content.xml", &content), ("meta.xml", "<m><dc:title>乙</dc:title></m>")]);
        for (bytes, title) in [(package, Some("乙")), (content.into_bytes(), None)] {
            let document = read(&bytes, &Options::default(), &mut Findings::new()).unwrap();
            assert_eq!(document.title.as_deref(), title);
            let Body::Flow(items) = document.body else { panic!("pages") };
            assert!(matches!(&items[..], [FlowItem::Line(line)] if line.text == "甲" && line.heading == Some(2)));
        }
    }

    #[test]
    fn encrypted_and_cut_files_are_told_apart() {
        assert_eq!(code(&[("META-INF/manifest.xml", "<m><encryption-data/></m>")]), "encrypted");
        assert_eq!(code(&[("content.xml", "<document><body><text><p>")]), "truncated");
        assert_eq!(code(&[("styles.xml", "<s/>")]), "truncated");
    }
}
