//! What is said on stderr, and how words from documents are made safe for a terminal.

use gouji::emit::Place;
use gouji::finding::{Finding, Severity};
use gouji::{Error, Lang};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;

/// Colours, or none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paint(pub(crate) bool);

impl Paint {
    /// Bold red: wrong.
    pub(crate) fn bad(self, text: &str) -> String {
        self.with("1;31", text)
    }

    /// Bold yellow: look here.
    pub(crate) fn warn(self, text: &str) -> String {
        self.with("1;33", text)
    }

    /// Green: in order.
    pub(crate) fn good(self, text: &str) -> String {
        self.with("32", text)
    }

    /// Bold.
    pub(crate) fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// `error[code]` in the colour of its severity.
    pub(crate) fn tag(self, severity: Severity, code: &str) -> String {
        match severity {
            Severity::Error => self.bad(&format!("error[{code}]")),
            Severity::Warning => self.warn(&format!("warning[{code}]")),
            Severity::Info => format!("note[{code}]"),
        }
    }
}

/// The stream for people.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Talk {
    /// Language of messages.
    pub(crate) lang: Lang,
    /// Whether only errors that stop a file are told.
    pub(crate) quiet: bool,
    /// Colours.
    pub(crate) paint: Paint,
}

impl Talk {
    /// An error that stopped a file.
    pub(crate) fn error(self, error: &Error) {
        let path = error.path().map(|path| format!("{}: ", clean(path))).unwrap_or_default();
        let tag = self.paint.tag(Severity::Error, error.code());
        // A message may have several lines (a form error with its caret); those after the first are set in, so that
        // no document can fake a line of ours.
        let message = error.message(self.lang).lines().map(clean).collect::<Vec<_>>().join("\n    ");
        say(&format!("gouji: {path}{tag}: {message}\n  help: {}\n", clean(error.help().get(self.lang))));
    }

    /// A word of ours about the run as a whole.
    pub(crate) fn note(self, text: &str) {
        if !self.quiet {
            say(&format!("gouji: {}\n", clean(text)));
        }
    }

    /// A mistake in how the program was called.
    pub(crate) fn misuse(self, text: &str, help: &str) {
        say(&format!("gouji: {}: {}\n  help: {}\n", self.paint.bad("error"), clean(text), clean(help)));
    }

    /// The findings of a file that are more than information; the help of a code is given once.
    pub(crate) fn findings<'a>(self, file: &str, findings: impl IntoIterator<Item = &'a Finding>) {
        if self.quiet {
            return;
        }
        let mut helped = BTreeSet::new();
        let mut text = String::new();
        for finding in findings.into_iter().filter(|finding| finding.severity >= Severity::Warning) {
            let place = finding.place.as_ref().map(|place| format!(":{}", address(&place.into()))).unwrap_or_default();
            let tag = self.paint.tag(finding.severity, finding.code.name());
            let _ =
                writeln!(text, "{}{}: {tag}: {}", clean(file), clean(&place), clean(finding.message.get(self.lang)));
            if helped.insert(finding.code) {
                let _ = writeln!(text, "  help: {}", clean(finding.help.get(self.lang)));
            }
        }
        say(&text);
    }
}

/// A place behind a file name: `4`, `Sheet1!B7`, `table 2 row 3 column 1`, `12:3`.
fn address(place: &Place) -> String {
    match place {
        Place::Page { page, .. } => page.to_string(),
        Place::Text { line, column } => format!("{line}:{column}"),
        other => other.to_string(),
    }
}

/// Writes to stderr. If stderr is closed, there is nobody left to tell.
fn say(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Text that does nothing to a terminal but show: control, bidi and zero-width characters are written out.
pub(crate) fn clean(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '\n' | '\t' => out.push(' '),
            c if acts(c) => drop(write!(out, "\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
        out
    })
}

/// Whether a character changes how others show, or shows as nothing.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_from_documents_cannot_steer_a_terminal() {
        assert_eq!(clean("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(clean("1\u{202e}23\u{200b}"), "1\\u{202e}23\\u{200b}");
        assert_eq!(clean("两\n行\u{9b}"), "两 行\\u{9b}");
    }
}
