//! Pieces of text in, the text a reader sees out: white space collapsed, line breaks kept where they are shown, raised
//! digits written as such.

use crate::number::Set;

/// The space between what is written and what comes next, from weak to strong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Gap {
    #[default]
    None,
    /// A line end in the source: a blank, but none between two ideographs.
    SourceLine,
    /// A blank.
    Blank,
    /// A line end that shows.
    Line,
}

/// Text being put together.
#[derive(Debug, Default)]
pub(super) struct Words {
    text: String,
    gap: Gap,
}

impl Words {
    /// Adds characters; `preformatted` keeps line ends, `set` says where they stand.
    pub(super) fn push(&mut self, piece: &str, preformatted: bool, set: Set) {
        let mut blanks = piece.chars().peekable();
        while let Some(c) = blanks.next() {
            if !c.is_whitespace() {
                self.put(c, set);
                continue;
            }
            // Only white space of the source can be an artefact of how it was written.
            let mut gap = if c.is_ascii() { Gap::None } else { Gap::Blank };
            let mut line = c == '\n' || c == '\r';
            while let Some(next) = blanks.next_if(|next| next.is_whitespace()) {
                line |= next == '\n' || next == '\r';
                gap = if next.is_ascii() { gap } else { Gap::Blank };
            }
            let gap = match (line, preformatted) {
                (true, true) => Gap::Line,
                (true, false) => gap.max(Gap::SourceLine),
                (false, _) => Gap::Blank,
            };
            self.gap = self.gap.max(gap);
        }
    }

    /// Ends the line: what comes next stands on a new one.
    pub(super) fn end_line(&mut self) {
        self.gap = Gap::Line;
    }

    /// A break within a heading, which is still one line of words.
    pub(super) fn soft_break(&mut self) {
        self.gap = self.gap.max(Gap::SourceLine);
    }

    /// The text so far, lines joined by `\n`; nothing for blanks and invisible characters.
    pub(super) fn take(&mut self) -> String {
        self.gap = Gap::None;
        let text = std::mem::take(&mut self.text);
        if text.chars().all(is_invisible) { String::new() } else { text }
    }

    fn put(&mut self, c: char, set: Set) {
        if let Some(last) = self.text.chars().next_back() {
            match self.gap {
                Gap::None => {}
                Gap::SourceLine if is_ideographic(last) && is_ideographic(c) => {}
                Gap::SourceLine | Gap::Blank => self.text.push(' '),
                Gap::Line => self.text.push('\n'),
            }
        }
        self.gap = Gap::None;
        self.text.push(set.written(c, self.text.chars().next_back()));
    }
}

/// Characters without ink.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}

/// Ideographs, their punctuation and full-width forms: written without blanks between them.
pub(super) fn is_ideographic(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FF60}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pieces: &[&str]) -> String {
        let mut words = Words::default();
        for piece in pieces {
            words.push(piece, false, Set::On);
        }
        words.take()
    }

    #[test]
    fn white_space_collapses_as_it_shows() {
        assert_eq!(shown(&["  a ", " b\n c "]), "a b c");
        assert_eq!(shown(&["公开\n  情况"]), "公开情况");
        assert_eq!(shown(&["总\u{3000}\u{3000}计"]), "总 计");
        assert_eq!(shown(&["12\n", "34"]), "12 34");
        assert_eq!(shown(&["\u{A0}\u{3000}\u{200B}"]), "");
    }
}
