//! What holds in a group of an rtf file: where its text goes, and the properties that end with it.

use crate::number::Set;

/// Where text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Body,
    /// The number of a list, written out.
    Number,
    /// The shape of a row of an inner table.
    InnerRow,
    Fonts,
    Styles,
    /// The description of the file; only its title is kept.
    About,
    Title,
    /// A text that stands there twice: the second, in Unicode, is read.
    Twice,
    Nowhere,
}

/// What holds in a group.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    pub(super) target: Target,
    /// Where the better of two texts goes.
    pub(super) once: Target,
    pub(super) font: i32,
    /// Characters that follow a Unicode one for those who cannot read it.
    pub(super) substitutes: usize,
    pub(super) hidden: bool,
    pub(super) deleted: bool,
    pub(super) set: Set,
    pub(super) paragraph: Paragraph,
}

/// What holds for the paragraph.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Paragraph {
    pub(super) in_table: bool,
    pub(super) depth: Option<u32>,
    pub(super) style: i32,
    /// A heading level, from 1; 0 says that it is none.
    pub(super) heading: Option<u8>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            target: Target::Body,
            once: Target::Body,
            font: 0,
            substitutes: 1,
            hidden: false,
            deleted: false,
            set: Set::On,
            paragraph: Paragraph::default(),
        }
    }
}

impl State {
    /// Characters as they are without further word.
    pub(super) fn plain(&mut self, font: i32) {
        *self = Self { font, hidden: false, deleted: false, set: Set::On, ..*self };
    }

    /// How deep in tables the paragraph lies.
    pub(super) fn depth(&self) -> u32 {
        let Paragraph { in_table, depth, .. } = self.paragraph;
        depth.unwrap_or(0).max(u32::from(in_table))
    }
}

/// Where the text of a group goes that begins with this word; `None` for words that do not say.
pub(super) fn target(word: &str, around: Target, optional: bool) -> Option<Target> {
    Some(match word {
        _ if around == Target::Nowhere || (around == Target::Twice && word == "ud") => return None,
        "fonttbl" => Target::Fonts,
        "stylesheet" => Target::Styles,
        "info" => Target::About,
        "title" if around == Target::About => Target::Title,
        "listtext" | "pntext" => Target::Number,
        "nesttableprops" => Target::InnerRow,
        "upr" => Target::Twice,
        // What is drawn, with its properties; their text is told apart below.
        "shpinst" | "do" | "moMath" => return None,
        "colortbl" | "pict" | "object" | "header" | "headerl" | "headerr" | "headerf" | "footer" | "footerl"
        | "footerr" | "footerf" | "footnote" | "ftnsep" | "ftnsepc" | "aftnsep" | "aftnsepc" | "annotation"
        | "fldinst" | "xe" | "tc" | "sp" | "shprslt" | "nonesttables" | "nonshppict" | "mmathPict" | "listtable"
        | "listoverridetable" | "revtbl" | "rsidtbl" | "filetbl" | "template" => Target::Nowhere,
        _ if optional || (word.starts_with('m') && word.ends_with("Pr")) => Target::Nowhere,
        _ => return None,
    })
}
