//! A paragraph in, its sentences and clauses out, folded for matching.

use crate::number::fold;

/// One sentence, cut into clauses.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sentence {
    /// As printed.
    pub(super) printed: String,
    /// Folded clauses, in order, without the marks between them.
    pub(super) clauses: Vec<Clause>,
}

/// One clause of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Clause {
    pub(super) text: String,
    /// Whether it opens a bracket: it then explains the clause before it.
    pub(super) bracketed: bool,
}

impl Sentence {
    /// The sentence from its beginning through the clause with that number.
    pub(super) fn through(&self, clause: usize) -> String {
        self.clauses.iter().take(clause + 1).map(|c| c.text.as_str()).collect::<Vec<&str>>().join(",")
    }
}

/// The sentences of a paragraph.
pub(super) fn sentences(paragraph: &str) -> Vec<Sentence> {
    let printed =
        paragraph.split_inclusive(['。', '；', '！', '？', ';', '\n']).map(str::trim).filter(|s| !s.is_empty());
    printed.map(|s| Sentence { printed: s.to_owned(), clauses: clauses(&fold(s)) }).collect()
}

/// A figure and its measure word must stand in one clause; brackets, commas and enumeration commas end it. A comma
/// between digits that sets off thousands does not.
fn clauses(folded: &str) -> Vec<Clause> {
    let characters: Vec<char> = folded.chars().collect();
    let mut clauses = Vec::new();
    let mut text = String::new();
    let mut bracketed = false;
    for (i, c) in characters.iter().enumerate() {
        if !is_mark(*c) || *c == ',' && sets_off_thousands(&characters, i) {
            text.push(*c);
            continue;
        }
        if !text.is_empty() {
            clauses.push(Clause { text: std::mem::take(&mut text), bracketed });
        }
        bracketed = *c == '(';
    }
    if !text.is_empty() {
        clauses.push(Clause { text, bracketed });
    }
    clauses
}

fn is_mark(c: char) -> bool {
    matches!(c, ',' | '、' | ':' | '(' | ')' | '。' | ';' | '!' | '?' | '“' | '”' | '"' | '【' | '】' | '[' | ']')
}

fn sets_off_thousands(characters: &[char], comma: usize) -> bool {
    let digit = |i: usize| characters.get(i).is_some_and(char::is_ascii_digit);
    comma > 0 && digit(comma - 1) && (1..=3).all(|i| digit(comma + i)) && !digit(comma + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_end_at_marks_but_not_inside_numbers() {
        let found = sentences("共受理申请 1,121 件（其中新收112件，结转9件），答复30件。另有 2 件。");
        let texts: Vec<Vec<&str>> = found.iter().map(|s| s.clauses.iter().map(|c| c.text.as_str()).collect()).collect();
        assert_eq!(texts, [vec!["共受理申请1,121件", "其中新收112件", "结转9件", "答复30件"], vec!["另有2件"]]);
        assert!(found[0].clauses[1].bracketed);
        assert_eq!(found[0].through(1), "共受理申请1,121件,其中新收112件");
    }
}
