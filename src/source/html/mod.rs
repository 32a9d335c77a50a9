//! A web page in, lines and tables in reading order out.
//!
//! ```text
//! bytes ─charset→ characters ─parse→ dom ─survey→ which rows are layout
//!                                     └──flow──→ lines, tables ─refuse→ shell? attachment?
//! ```
//! Layout tables come apart, tables of data stay whole. Scripts do not run, style sheets do not apply beyond what an
//! element's own attributes hide, frames are not followed.

mod dom;
mod flow;
mod mhtml;
mod parse;
mod refuse;
mod survey;
mod table;
mod words;

use super::{Options, charset, guard, sniff};
use crate::error::{ErrorKind, Result};
use crate::finding::{Code, Finding, Findings};
use crate::number::Set;
use crate::page::{Body, Document, Format};
use crate::text::Text;
use dom::{Attribute, Dom, Kind, Role, Step};
use words::Words;

/// Reads a page, or one saved with its parts in one file.
pub(super) fn read(bytes: &[u8], options: &Options, findings: &mut Findings) -> Result<Document> {
    // Headers of a saved mail are ASCII, whatever its parts are in.
    let head = bytes.get(..4096).unwrap_or(bytes);
    if !sniff::is_mail(&String::from_utf8_lossy(head)) {
        return page(&charset::decode(bytes, charset::declared(bytes), findings), options, findings);
    }
    let mail = encoding_rs::mem::decode_latin1(bytes);
    let Some((bytes, charset)) = mhtml::page(&mail) else {
        return Err(ErrorKind::Unsupported { format: "mhtml" }.into());
    };
    let declared = charset.or_else(|| charset::declared(&bytes));
    page(&charset::decode(&bytes, declared, findings), options, findings)
}

/// Reads a page from its characters.
fn page(text: &str, options: &Options, findings: &mut Findings) -> Result<Document> {
    let dom = guard::run("html", || parse::parse(text, &options.limits))?;
    let survey = survey::Survey::of(&dom);
    let items = flow::items(&dom, &survey, &options.limits)?;
    if let Some(kind) = refuse::reason(&dom, &items) {
        return Err(kind.into());
    }
    if survey.hidden_tables > 0 {
        let hidden = survey.hidden_tables;
        let message = Text::new(format!("{hidden} hidden table(s) left out"), format!("略去 {hidden} 个隐藏的表格"));
        findings.push(Finding::new(Code::HiddenTable, message));
    }
    Ok(Document { format: Format::Html, body: Body::Flow(items), title: title(&dom) })
}

/// The title that the page's own metadata gives; a name for the article goes before that of the window.
fn title(dom: &Dom) -> Option<String> {
    const NAMES: [&str; 3] = ["articletitle", "og:title", "title"];
    let mut best: Option<(usize, String)> = None;
    for step in dom.walk(dom::ROOT) {
        let Step::Enter(id) = step else { continue };
        let found = match dom.role(id) {
            Some(Role::Title) => Some((NAMES.len(), text_of(dom, id))),
            Some(Role::Meta) => dom.attribute(id, Attribute::Name).and_then(|name| {
                let rank = NAMES.iter().position(|known| name.trim().eq_ignore_ascii_case(known))?;
                Some((rank, collapsed(dom.attribute(id, Attribute::Content)?)))
            }),
            _ => None,
        };
        if let Some((rank, text)) = found.filter(|(_, text)| !text.is_empty())
            && best.as_ref().is_none_or(|(other, _)| rank < *other)
        {
            best = Some((rank, text));
        }
    }
    best.map(|(_, text)| text)
}

fn text_of(dom: &Dom, id: dom::Id) -> String {
    let text: String = dom
        .walk(id)
        .filter_map(|step| match step {
            Step::Enter(id) => match &dom.node(id).kind {
                Kind::Text(text) => Some(text.as_str()),
                _ => None,
            },
            Step::Leave(_) => None,
        })
        .collect();
    collapsed(&text)
}

fn collapsed(text: &str) -> String {
    let mut words = Words::default();
    words.push(text, false, Set::On);
    words.take()
}

#[cfg(test)]
mod tests;
