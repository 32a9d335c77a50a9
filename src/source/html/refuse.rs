//! A page that was read in, the reason why it is no report out: a shell filled in by scripts, or a cover of an
//! attachment. A page with a real table or real prose is never refused.

use super::dom::{Attribute, Dom, Id, Kind, ROOT, Role, Step};
use super::survey::is_passed_over;
use super::words::is_ideographic;
use crate::error::ErrorKind;
use crate::page::FlowItem;

/// Ideographs of its own that a shell does not have.
const SHELL: usize = 50;
/// Ideographs of its own that a page around an attachment does not have: title, date, contact and licence lines.
const COVER: usize = 300;
/// Cells of a table that is no box of file numbers and dates.
const REAL_TABLE: usize = 20;

/// Endings of documents that a report may be attached as.
const DOCUMENTS: [&str; 12] =
    [".pdf", ".docx", ".doc", ".wps", ".xlsx", ".xls", ".et", ".ofd", ".zip", ".rar", ".ods", ".rtf"];

/// Why the page is no report, if it is none.
pub(super) fn reason(dom: &Dom, items: &[FlowItem]) -> Option<ErrorKind> {
    let real_table = items.iter().any(|item| match item {
        FlowItem::Table(table) => table.rows.iter().map(Vec::len).sum::<usize>() >= REAL_TABLE,
        FlowItem::Line(_) => false,
    });
    if real_table {
        return None;
    }
    let seen = Seen::on(dom);
    match seen.document {
        Some(link) if seen.own < COVER => Some(ErrorKind::HtmlAttachmentOnly { link }),
        None if seen.own < SHELL && seen.scripts > 0 => Some(ErrorKind::HtmlShell),
        _ => None,
    }
}

/// What one walk over the page counts.
#[derive(Default)]
struct Seen {
    /// Ideographs outside links and navigation.
    own: usize,
    scripts: usize,
    /// The first link to a document.
    document: Option<String>,
}

impl Seen {
    fn on(dom: &Dom) -> Self {
        let mut seen = Self::default();
        // Elements around whose words are not the article's.
        let mut foreign = 0_usize;
        let mut walk = dom.walk(ROOT);
        while let Some(step) = walk.next() {
            let (Step::Enter(id) | Step::Leave(id)) = step;
            let apart = matches!(dom.role(id), Some(Role::Link | Role::Chrome));
            match step {
                Step::Leave(_) => foreign -= usize::from(apart),
                Step::Enter(_) => {
                    foreign += usize::from(apart);
                    seen.enter(dom, id, foreign > 0);
                    if is_passed_over(dom, id) {
                        walk.skip_children();
                    }
                }
            }
        }
        seen
    }

    fn enter(&mut self, dom: &Dom, id: Id, foreign: bool) {
        match (&dom.node(id).kind, dom.role(id)) {
            (Kind::Text(text), _) if !foreign => self.own += text.chars().filter(|c| is_ideographic(*c)).count(),
            (_, Some(Role::Script)) => self.scripts += 1,
            (_, Some(Role::Link | Role::Frame)) if self.document.is_none() => {
                let address = dom.attribute(id, Attribute::Address).unwrap_or("").trim();
                let name = link_text(dom, id);
                if is_document(address) || is_document(&name) {
                    let scripted = address.is_empty() || address.starts_with(['#', 'j', 'J']) && !is_document(address);
                    self.document = Some(if scripted { name } else { address.to_owned() });
                }
            }
            _ => {}
        }
    }
}

/// The words of a link, up to the length of a file name.
fn link_text(dom: &Dom, link: Id) -> String {
    let mut text = String::new();
    for step in dom.walk(link) {
        if let Step::Enter(id) = step
            && let Kind::Text(piece) = &dom.node(id).kind
        {
            text.push_str(piece.trim());
            if text.len() > 1024 {
                break;
            }
        }
    }
    text
}

/// Whether an address or a file name is that of a document, before or in its query.
fn is_document(address: &str) -> bool {
    let address = address.to_ascii_lowercase();
    address.split(['?', '#', '&']).any(|part| DOCUMENTS.iter().any(|ending| part.trim_end().ends_with(ending)))
}
