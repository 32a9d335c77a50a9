//! What the parser states, as a tree in one vector: the part of a page that a reader of reports needs.
//!
//! Every element is reduced to its [`Role`]; only attributes that are used are kept. Walks are loops, so nesting costs
//! no stack.

use crate::number::Set;

/// A node, as its index.
pub(super) type Id = usize;

/// The document itself.
pub(super) const ROOT: Id = 0;

/// What an element means for reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Goes on with the line.
    Inline,
    /// A link: goes on with the line.
    Link,
    /// Begins and ends a line.
    Block,
    /// Navigation, header, footer: a block that is not the article.
    Chrome,
    /// Begins and ends a heading of that level.
    Heading(u8),
    /// Ends a line.
    Break,
    /// Keeps its line ends.
    Preformatted,
    /// A table.
    Table,
    /// `thead`.
    Head,
    /// `tbody`.
    Body,
    /// `tfoot`.
    Foot,
    /// A row.
    Row,
    /// `td` or `th`.
    Cell,
    /// `title` of the page.
    Title,
    /// `meta`.
    Meta,
    /// A script: not read, but counted.
    Script,
    /// A frame or embedded object: not read, but its address is.
    Frame,
    /// Not shown to a reader.
    Skipped,
}

impl Role {
    /// The role of an HTML element by its name.
    pub(super) fn of(name: &str) -> Self {
        match name {
            "a" => Self::Link,
            "br" => Self::Break,
            "h1" => Self::Heading(1),
            "h2" => Self::Heading(2),
            "h3" => Self::Heading(3),
            "h4" => Self::Heading(4),
            "h5" => Self::Heading(5),
            "h6" => Self::Heading(6),
            "pre" | "listing" | "plaintext" | "xmp" => Self::Preformatted,
            "table" => Self::Table,
            "thead" => Self::Head,
            "tbody" => Self::Body,
            "tfoot" => Self::Foot,
            "tr" => Self::Row,
            "td" | "th" => Self::Cell,
            "title" => Self::Title,
            "meta" => Self::Meta,
            "script" => Self::Script,
            "iframe" | "frame" | "embed" | "object" => Self::Frame,
            "nav" | "header" | "footer" | "aside" => Self::Chrome,
            "address" | "article" | "blockquote" | "body" | "caption" | "center" | "dd" | "details" | "dialog"
            | "dir" | "div" | "dl" | "dt" | "fieldset" | "figcaption" | "figure" | "form" | "hgroup" | "hr"
            | "html" | "legend" | "li" | "main" | "menu" | "ol" | "p" | "search" | "section" | "summary" | "ul"
            | "head" => Self::Block,
            "applet" | "audio" | "canvas" | "colgroup" | "datalist" | "map" | "math" | "noembed" | "noframes"
            | "noscript" | "option" | "param" | "select" | "style" | "svg" | "template" | "textarea" | "video"
            | "xml" => Self::Skipped,
            // Drawings of old office programs; their words are not page text.
            _ if name.starts_with("v:") => Self::Skipped,
            _ => Self::Inline,
        }
    }
}

/// The attributes that are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attribute {
    /// Rows covered.
    RowSpan,
    /// Columns covered.
    ColumnSpan,
    /// Address of a link, frame or object.
    Address,
    /// Name of a `meta`.
    Name,
    /// Value of a `meta`.
    Content,
}

/// Whether a reader of the page sees an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Shown {
    /// It shows.
    #[default]
    Yes,
    /// It keeps its room but not its ink.
    Blank,
    /// It is not there.
    Gone,
}

/// How an element is shown, as it says itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Look {
    pub(super) shown: Shown,
    /// Where it sets its text; `None` for where the text around is.
    pub(super) set: Option<Set>,
}

/// What a node holds.
#[derive(Debug)]
pub(super) enum Kind {
    /// An element.
    Element { role: Role, look: Look, attributes: Vec<(Attribute, String)> },
    /// Characters.
    Text(String),
    /// Comments and the like.
    Nothing,
}

/// A node and its neighbours.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) parent: Option<Id>,
    pub(super) previous: Option<Id>,
    pub(super) next: Option<Id>,
    pub(super) first: Option<Id>,
    pub(super) last: Option<Id>,
    /// Elements around it, when it was put in.
    pub(super) depth: u32,
}

/// A page.
#[derive(Debug)]
pub(super) struct Dom {
    nodes: Vec<Node>,
}

impl Dom {
    /// An empty document.
    pub(super) fn new() -> Self {
        let mut dom = Self { nodes: Vec::new() };
        dom.add(Kind::Nothing);
        dom
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Adds a node without a parent.
    pub(super) fn add(&mut self, kind: Kind) -> Id {
        let (parent, previous, next, first, last) = (None, None, None, None, None);
        self.nodes.push(Node { kind, parent, previous, next, first, last, depth: 0 });
        self.nodes.len() - 1
    }

    /// The node.
    #[expect(clippy::indexing_slicing, reason = "an id is made by `add` alone, and nodes are never removed")]
    pub(super) fn node(&self, id: Id) -> &Node {
        &self.nodes[id]
    }

    /// The node, to change.
    #[expect(clippy::indexing_slicing, reason = "an id is made by `add` alone, and nodes are never removed")]
    pub(super) fn node_mut(&mut self, id: Id) -> &mut Node {
        &mut self.nodes[id]
    }

    /// Its role; text and comments have none.
    pub(super) fn role(&self, id: Id) -> Option<Role> {
        match &self.node(id).kind {
            Kind::Element { role, .. } => Some(*role),
            _ => None,
        }
    }

    /// Whether it shows.
    pub(super) fn shown(&self, id: Id) -> Shown {
        match &self.node(id).kind {
            Kind::Element { look, .. } => look.shown,
            _ => Shown::Yes,
        }
    }

    /// Where the text in an element is set, if it stands `around` it; blocks begin on the line anew.
    fn set(&self, id: Id, around: Set) -> Set {
        match &self.node(id).kind {
            Kind::Element { role: Role::Inline | Role::Link, look, .. } => look.set.unwrap_or(around),
            Kind::Element { .. } => Set::On,
            _ => around,
        }
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, id: Id, wanted: Attribute) -> Option<&str> {
        match &self.node(id).kind {
            Kind::Element { attributes, .. } => {
                attributes.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.as_str())
            }
            _ => None,
        }
    }

    /// Its children, in order.
    pub(super) fn children(&self, id: Id) -> impl Iterator<Item = Id> {
        std::iter::successors(self.node(id).first, |child| self.node(*child).next)
    }

    /// Takes a node out of its parent.
    pub(super) fn detach(&mut self, id: Id) {
        let node = self.node_mut(id);
        let (parent, previous, next) = (node.parent.take(), node.previous.take(), node.next.take());
        match (previous, parent) {
            (Some(previous), _) => self.node_mut(previous).next = next,
            (None, Some(parent)) => self.node_mut(parent).first = next,
            (None, None) => {}
        }
        match (next, parent) {
            (Some(next), _) => self.node_mut(next).previous = previous,
            (None, Some(parent)) => self.node_mut(parent).last = previous,
            (None, None) => {}
        }
    }

    /// Puts a node into `parent`, before `sibling` or at the end.
    pub(super) fn insert(&mut self, parent: Id, id: Id, sibling: Option<Id>) {
        self.detach(id);
        let depth = self.node(parent).depth + 1;
        let previous = match sibling {
            Some(sibling) => self.node_mut(sibling).previous.replace(id),
            None => self.node_mut(parent).last.replace(id),
        };
        match previous {
            Some(previous) => self.node_mut(previous).next = Some(id),
            None => self.node_mut(parent).first = Some(id),
        }
        let node = self.node_mut(id);
        (node.parent, node.previous, node.next, node.depth) = (Some(parent), previous, sibling, depth);
    }

    /// Walks over a node and all within it.
    pub(super) fn walk(&self, root: Id) -> Walk<'_> {
        Walk { dom: self, root, last: None, skip: false }
    }
}

/// A step of a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Before the children of a node.
    Enter(Id),
    /// After them.
    Leave(Id),
}

/// A walk in document order.
pub(super) struct Walk<'a> {
    dom: &'a Dom,
    root: Id,
    last: Option<Step>,
    skip: bool,
}

impl Walk<'_> {
    /// Passes over the children of the node just entered.
    pub(super) fn skip_children(&mut self) {
        self.skip = true;
    }
}

impl Iterator for Walk<'_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        let skip = std::mem::take(&mut self.skip);
        let step = match self.last {
            None => Step::Enter(self.root),
            Some(Step::Enter(id)) => match self.dom.node(id).first.filter(|_| !skip) {
                Some(child) => Step::Enter(child),
                None => Step::Leave(id),
            },
            Some(Step::Leave(id)) if id == self.root => return None,
            Some(Step::Leave(id)) => match self.dom.node(id).next {
                Some(next) => Step::Enter(next),
                None => Step::Leave(self.dom.node(id).parent?),
            },
        };
        self.last = Some(step);
        Some(step)
    }
}

/// Where the text at the place of a walk is set: a value for each element that is open.
#[derive(Debug, Default)]
pub(super) struct Sets(Vec<Set>);

impl Sets {
    /// Follows a step of the walk.
    pub(super) fn follow(&mut self, dom: &Dom, step: Step) {
        match step {
            Step::Enter(id) => self.0.push(dom.set(id, self.here())),
            Step::Leave(_) => drop(self.0.pop()),
        }
    }

    /// Where text is set here.
    pub(super) fn here(&self) -> Set {
        self.0.last().copied().unwrap_or_default()
    }
}
