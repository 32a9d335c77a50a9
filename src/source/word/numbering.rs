//! List definitions in, as every Word-like format has them; the automatic number of each paragraph out, in the order
//! they are asked. Bullets are decoration and give nothing. How the definitions are stored is not known here.

use super::counting::written;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const LEVELS: usize = 9;
/// Longer patterns would multiply a small file; Word's own are far shorter.
const LONGEST: usize = 64;

/// The lists of a document and how far each has been counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    /// By list id.
    pub(super) lists: BTreeMap<u32, List>,
    /// By definition id.
    pub(super) definitions: BTreeMap<u32, Definition>,
    /// By definition id: lists that share a definition are counted on together.
    counts: BTreeMap<u32, [Option<u32>; LEVELS]>,
    /// Starting numbers of lists that have been used already.
    started: BTreeSet<(u32, usize)>,
}

#[derive(Debug, Default)]
pub(super) struct List {
    pub(super) definition: u32,
    pub(super) starts: BTreeMap<usize, u32>,
    pub(super) levels: BTreeMap<usize, Level>,
}

#[derive(Debug, Default)]
pub(super) struct Definition {
    pub(super) levels: BTreeMap<usize, Level>,
    /// The style it takes its levels from.
    pub(super) uses: Option<String>,
    /// The style that it gives its levels to.
    pub(super) is: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Level {
    pub(super) start: u32,
    /// As Office Open XML names it.
    pub(super) format: String,
    /// The pattern: `%1` stands for the number of the first level, and so on.
    pub(super) text: String,
    /// All numbers of the pattern in Arabic digits.
    pub(super) legal: bool,
    /// The number of levels above that reset it when counted on; all by default.
    pub(super) restart: Option<usize>,
    pub(super) tight: bool,
    pub(super) style: Option<String>,
}

impl Default for Level {
    fn default() -> Self {
        Self {
            start: 1,
            format: "decimal".into(),
            text: String::new(),
            legal: false,
            restart: None,
            tight: false,
            style: None,
        }
    }
}

impl Numbering {
    /// The level of a list that a paragraph style belongs to.
    pub(super) fn level_of_style(&self, list: u32, style: &str) -> Option<u8> {
        let list = self.lists.get(&list)?;
        let levels = &self.definitions.get(&self.resolved(list.definition))?.levels;
        let level = levels.iter().find(|(_, level)| level.style.as_deref() == Some(style))?.0;
        u8::try_from(*level).ok()
    }

    /// Counts on and gives the number of the next paragraph of a list, with the blank after it where there is one.
    pub(super) fn next(&mut self, list_id: u32, level: u8) -> Option<String> {
        let at = usize::from(level).min(LEVELS - 1);
        let list = self.lists.get(&list_id)?;
        let id = self.resolved(list.definition);
        let definition = self.definitions.get(&id)?;
        let find = |at: usize| list.levels.get(&at).or_else(|| definition.levels.get(&at));
        let level = find(at)?;
        let counts = self.counts.entry(id).or_default();
        let fresh = self.started.insert((list_id, at));
        for (i, count) in counts.iter_mut().enumerate() {
            let start = find(i).map_or(1, |level| level.start);
            if i < at {
                count.get_or_insert(start);
            } else if i == at {
                let forced = list.starts.get(&at).copied().filter(|_| fresh);
                *count = Some(forced.unwrap_or_else(|| count.map_or(start, |count| count.saturating_add(1))));
            } else if find(i).is_none_or(|below| below.restart.is_none_or(|above| at < above)) {
                *count = None;
            }
        }
        let mut number = String::new();
        let mut pieces = level.text.split('%');
        number.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let digit = piece.chars().next().and_then(|char| char.to_digit(10)).filter(|digit| *digit > 0);
            let Some(which) = digit.and_then(|digit| usize::try_from(digit - 1).ok()) else {
                number.push('%');
                number.push_str(piece);
                continue;
            };
            let count = counts.get(which).copied().flatten().unwrap_or(1);
            let format = if level.legal { "decimal" } else { find(which).map_or("decimal", |level| &level.format) };
            number.push_str(&written(count, format));
            number.push_str(piece.get(1..).unwrap_or_default());
        }
        if level.format == "bullet" || number.is_empty() {
            return None;
        }
        if !level.tight && number.ends_with(|char: char| char.is_ascii()) {
            number.push(' ');
        }
        Some(number)
    }

    /// Has a level of a definition go on with `next`, and the levels below it begin anew.
    pub(super) fn restart(&mut self, definition: u32, level: u8, next: Option<u32>) {
        let counts = self.counts.entry(definition).or_default();
        for (at, count) in counts.iter_mut().enumerate().skip(level.into()) {
            *count = next.filter(|_| at == usize::from(level)).and_then(|next| next.checked_sub(1));
        }
    }

    /// The definition that a link by style leads to.
    fn resolved(&self, id: u32) -> u32 {
        let uses = self.definitions.get(&id).and_then(|definition| definition.uses.as_deref());
        let giver = |style| self.definitions.iter().find(|(_, definition)| definition.is.as_deref() == Some(style));
        uses.and_then(giver).map_or(id, |(&id, _)| id)
    }
}

impl Level {
    /// Takes up the pattern of its numbers.
    pub(super) fn set_text(&mut self, text: impl Iterator<Item = char>) {
        self.text = text.take(LONGEST).collect();
    }
}
