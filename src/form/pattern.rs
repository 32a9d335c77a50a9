//! Text of a form file in, a pattern that is compiled when it is first asked out.

use regex::Regex;
use serde::Deserialize;
use std::sync::OnceLock;

/// A linear-time regular expression. A form holds many and a document asks few, so each is compiled at its first use;
/// that it can be compiled is the lint's to prove.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "String")]
pub struct Pattern {
    text: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// The expression as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The compiled expression; `None` if it is not well formed, which no linted form has.
    #[must_use]
    pub fn regex(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| Regex::new(&self.text).ok()).as_ref()
    }

    /// Whether it matches anywhere in `text`.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.regex().is_some_and(|r| r.is_match(text))
    }

    /// What is wrong with it, if anything is.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        Regex::new(&self.text).err().map(|e| e.to_string())
    }
}

impl From<String> for Pattern {
    fn from(text: String) -> Self {
        Self { text, compiled: OnceLock::new() }
    }
}

/// Two patterns are equal when they are written the same.
impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_pattern_matches_nothing_and_says_why() {
        let bad = Pattern::from("(".to_owned());
        assert!(!bad.is_match("("));
        assert!(bad.problem().is_some());
        assert!(Pattern::from("^a+$".to_owned()).is_match("aa"));
    }
}
