//! What is wrong, odd or uncertain inside a readable document: gathered by every stage, never thrown.

mod codes;

pub use codes::{Code, CodeDoc};

use crate::place::Place;
use crate::text::Text;

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Info,
    /// A person should look.
    Warning,
    /// A figure is wrong or missing.
    Error,
}

/// Who is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The document itself is wrong as printed.
    Source,
    /// gouji may have misread it.
    Reading,
    /// It cannot be told.
    Undetermined,
    /// Two documents differ.
    Documents,
}

/// One thing a person should know about a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What kind; never changes meaning.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// Who is at fault.
    pub cause: Cause,
    /// What was seen, with the figures.
    pub message: Text,
    /// What to do.
    pub help: Text,
    /// The cells it is about, as `table/row/column`.
    pub cells: Vec<String>,
    /// Where to look.
    pub place: Option<Place>,
    /// The words it rests on, as printed (a sentence of the prose, a label).
    pub evidence: Option<String>,
}

impl Finding {
    /// A finding with the severity, cause and help that its code has by default.
    #[must_use]
    pub fn new(code: Code, message: Text) -> Self {
        let doc = code.doc();
        Self {
            code,
            severity: doc.severity,
            cause: doc.cause,
            message,
            help: Text::new(doc.help.0, doc.help.1),
            cells: Vec::new(),
            place: None,
            evidence: None,
        }
    }

    /// Sets who is at fault.
    #[must_use]
    pub fn cause(mut self, cause: Cause) -> Self {
        self.cause = cause;
        self
    }

    /// Sets how much it matters.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Names the cells it is about.
    #[must_use]
    pub fn cells(mut self, cells: impl IntoIterator<Item = String>) -> Self {
        self.cells.extend(cells);
        self
    }

    /// Says where to look.
    #[must_use]
    pub fn at(mut self, place: Option<Place>) -> Self {
        self.place = place;
        self
    }

    /// Quotes the words it rests on.
    #[must_use]
    pub fn evidence(mut self, words: impl Into<String>) -> Self {
        self.evidence = Some(words.into());
        self
    }
}

/// The findings of one run, in the order they were made.
pub type Findings = Vec<Finding>;
