//! Characters of a page in, its [`Dom`] out, by the parsing rules of HTML and within limits.
//!
//! The parser is fed in pieces and its cost is looked at after each: elements made, depth, and work. Work is counted
//! where the parser asks for names while it searches its stack, and where it compares the attributes of one tag, since
//! both grow with the square of hostile input.

use super::dom::{Attribute, Dom, Id, Kind, Look, ROOT, Role, Shown};
use crate::error::{ErrorKind, Result};
use crate::limits::Limits;
use crate::number::Set;
use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{ExpandedName, QualName, TokenizerResult, ns};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

/// Bytes fed between two looks at the cost.
const PIECE: usize = 8 << 10;
/// Comparisons that each of the elements allowed may cost, about two seconds in all. Real pages need some ten.
const WORK: u64 = 512;

/// Parses a page.
pub(super) fn parse(text: &str, limits: &Limits) -> Result<Dom> {
    let builder = TreeBuilder::new(Sink::new(), TreeBuilderOpts::default());
    let watch = Watch { inner: builder, tokens: Cell::new(0) };
    let tokenizer = Tokenizer::new(watch, TokenizerOpts::default());
    let input = BufferQueue::default();
    let (mut rest, mut silent, mut seen) = (text, 0_u64, 0_u64);
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.ceil_char_boundary(PIECE));
        rest = after;
        input.push_back(StrTendril::from_slice(piece));
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        let sink = &tokenizer.sink.inner.sink;
        // While no token comes out, the parser may be collecting attributes, each compared with all before it.
        let separators = piece.bytes().filter(|b| b.is_ascii_whitespace() || b"\"'/".contains(b)).count();
        let separators = u64::try_from(separators).unwrap_or(u64::MAX);
        let tokens = tokenizer.sink.tokens.get();
        silent = if tokens == seen { silent + separators } else { separators };
        seen = tokens;
        sink.work.set(sink.work.get() + silent * separators / 4);
        sink.check(limits)?;
    }
    tokenizer.end();
    Ok(tokenizer.sink.inner.sink.finish())
}

/// Passes tokens on and counts them.
struct Watch<S> {
    inner: S,
    tokens: Cell<u64>,
}

impl<S: TokenSink> TokenSink for Watch<S> {
    type Handle = S::Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<S::Handle> {
        if !matches!(token, Token::ParseError(_)) {
            self.tokens.set(self.tokens.get() + 1);
        }
        self.inner.process_token(token, line)
    }

    fn end(&self) {
        self.inner.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.inner.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// A node as the parser holds it; the name goes along since the tree keeps only roles.
#[derive(Clone)]
struct Handle {
    id: Id,
    name: QualName,
}

/// Builds the tree.
struct Sink {
    dom: RefCell<Dom>,
    /// Questions for a name: a measure of the searches in the parser's stack.
    work: Cell<u64>,
    deepest: Cell<u32>,
}

impl Sink {
    fn new() -> Self {
        Self { dom: RefCell::new(Dom::new()), work: Cell::new(0), deepest: Cell::new(0) }
    }

    fn check(&self, limits: &Limits) -> Result<()> {
        let nodes = u64::try_from(self.dom.borrow().len()).unwrap_or(u64::MAX);
        Limits::check("elements", nodes, limits.elements)?;
        Limits::check("nesting", u64::from(self.deepest.get()), limits.nesting)?;
        if self.work.get() > limits.elements.saturating_mul(WORK) {
            return Err(ErrorKind::Limit { what: "elements", limit: limits.elements }.into());
        }
        Ok(())
    }

    /// A handle that names nothing.
    fn nameless(id: Id) -> Handle {
        Handle { id, name: QualName::new(None, ns!(), html5ever::LocalName::default()) }
    }

    fn put(&self, parent: Id, sibling: Option<Id>, child: NodeOrText<Handle>) {
        let mut dom = self.dom.borrow_mut();
        let id = match child {
            NodeOrText::AppendNode(handle) => handle.id,
            NodeOrText::AppendText(text) => {
                let before = sibling.map_or(dom.node(parent).last, |sibling| dom.node(sibling).previous);
                if let Some(Kind::Text(written)) = before.map(|id| &mut dom.node_mut(id).kind) {
                    written.push_str(&text);
                    return;
                }
                dom.add(Kind::Text(text.to_string()))
            }
        };
        dom.insert(parent, id, sibling);
        self.deepest.set(self.deepest.get().max(dom.node(id).depth));
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Dom;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Dom {
        let mut dom = self.dom.into_inner();
        order_sections(&mut dom);
        dom
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Self::nameless(ROOT)
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        self.work.set(self.work.get() + 1);
        target.name.expanded()
    }

    fn create_element(&self, name: QualName, attributes: Vec<html5ever::Attribute>, _: ElementFlags) -> Handle {
        let role = if name.ns == ns!(html) { Role::of(&name.local) } else { Role::Skipped };
        let look = look(&name.local, &attributes);
        let attributes = attributes.iter().filter_map(|a| kept(role, a)).collect();
        Handle { id: self.dom.borrow_mut().add(Kind::Element { role, look, attributes }), name }
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        Self::nameless(self.dom.borrow_mut().add(Kind::Nothing))
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        Self::nameless(self.dom.borrow_mut().add(Kind::Nothing))
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.put(parent.id, None, child);
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        let parent = self.dom.borrow().node(element.id).parent;
        match parent {
            Some(parent) => self.put(parent, Some(element.id), child),
            None => self.put(previous.id, None, child),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    /// A template is never shown, so what is in it may as well hang below it.
    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        self.work.set(self.work.get() + 1);
        x.id == y.id
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, new: NodeOrText<Handle>) {
        let parent = self.dom.borrow().node(sibling.id).parent;
        if let Some(parent) = parent {
            self.put(parent, Some(sibling.id), new);
        }
    }

    fn add_attrs_if_missing(&self, _: &Handle, _: Vec<html5ever::Attribute>) {}

    fn remove_from_parent(&self, target: &Handle) {
        self.dom.borrow_mut().detach(target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let mut dom = self.dom.borrow_mut();
        while let Some(child) = dom.node(node.id).first {
            self.work.set(self.work.get() + 1);
            dom.insert(new_parent.id, child, None);
        }
    }
}

/// Whether the element's own attributes hide it, and where its name or they set its text. Style sheets are not evaluated.
fn look(name: &str, attributes: &[html5ever::Attribute]) -> Look {
    let set = match name {
        "sup" => Some(Set::Raised),
        "sub" => Some(Set::Lowered),
        _ => None,
    };
    let mut look = Look { shown: Shown::Yes, set };
    for attribute in attributes {
        match &*attribute.name.local {
            "hidden" => look.shown = Shown::Gone,
            "style" => {
                let style: String = attribute.value.chars().filter(|c| !c.is_whitespace()).collect();
                let style = style.to_ascii_lowercase();
                if style.contains("display:none") || style.contains("mso-hide:all") {
                    look.shown = Shown::Gone;
                }
                let is_blank = style.contains("visibility:hidden") || style.contains("visibility:collapse");
                if is_blank && look.shown == Shown::Yes {
                    look.shown = Shown::Blank;
                }
                if style.contains("vertical-align:super") {
                    look.set = Some(Set::Raised);
                } else if style.contains("vertical-align:sub") {
                    look.set = Some(Set::Lowered);
                }
            }
            _ => {}
        }
    }
    look
}

/// The attribute, if an element of that role needs it.
fn kept(role: Role, attribute: &html5ever::Attribute) -> Option<(Attribute, String)> {
    let kept = match (role, &*attribute.name.local) {
        (Role::Cell, "rowspan") => Attribute::RowSpan,
        (Role::Cell, "colspan") => Attribute::ColumnSpan,
        (Role::Link, "href") | (Role::Frame, "src" | "data") => Attribute::Address,
        (Role::Meta, "name" | "property") => Attribute::Name,
        (Role::Meta, "content") => Attribute::Content,
        _ => return None,
    };
    Some((kept, attribute.value.to_string()))
}

/// Heads of tables first and feet last, as browsers show them wherever they are written.
fn order_sections(dom: &mut Dom) {
    let mut with_head = BTreeSet::new();
    for id in 0..dom.len() {
        let Some(table) = dom.node(id).parent.filter(|parent| dom.role(*parent) == Some(Role::Table)) else { continue };
        match dom.role(id) {
            // Only the first head of a table is its head.
            Some(Role::Head) if with_head.insert(table) => {
                let body = dom.children(table).find(|child| dom.role(*child) == Some(Role::Body));
                if let Some(body) = body.filter(|body| *body < id) {
                    dom.insert(table, id, Some(body));
                }
            }
            Some(Role::Foot) if dom.node(id).next.is_some() => dom.insert(table, id, None),
            _ => {}
        }
    }
}
