//! The labels of all forms, each once, and the blocks of the forms in terms of them.
//!
//! A document's cells are compared with the lexicon once; everything after that looks up.

use super::label::{Label, Labeller, SAME};
use crate::form::{self, Form, Library};
use std::collections::{BTreeMap, BTreeSet};

/// A label of the lexicon.
pub(super) type LabelId = usize;

/// The labels a text may stand for, with how alike they are.
pub(super) type Matches = Vec<(LabelId, f32)>;

/// All labels of all forms.
#[derive(Debug)]
pub(super) struct Lexicon<'a> {
    labeller: Labeller,
    labels: Vec<Label>,
    by_body: BTreeMap<Vec<char>, Vec<LabelId>>,
    row_labels: BTreeSet<LabelId>,
    /// Every block of every form.
    pub blocks: Vec<BlockForm<'a>>,
}

/// A block of a form, its labels as ids.
#[derive(Debug)]
pub(super) struct BlockForm<'a> {
    /// The form.
    pub form: &'a Form,
    /// The table.
    pub table: &'a form::Table,
    /// The block.
    pub block: &'a form::Block,
    /// Its columns.
    pub columns: Vec<PathForm>,
    /// Its rows that carry values, with their index in the form's list.
    pub rows: Vec<PathForm>,
    /// Labels over the row labels.
    pub corner: Vec<LabelId>,
}

/// A row or column, its labels as ids.
#[derive(Debug)]
pub(super) struct PathForm {
    /// Its key in the output.
    pub key: String,
    /// Its own label and the variants of that. Empty for a row without a label.
    pub leaf: Vec<LabelId>,
    /// The groups it is in, outermost first.
    pub groups: Vec<LabelId>,
}

impl<'a> Lexicon<'a> {
    pub(super) fn new(library: &'a Library) -> Self {
        let mut lexicon = Self {
            labeller: Labeller::new(),
            labels: Vec::new(),
            by_body: BTreeMap::new(),
            row_labels: BTreeSet::new(),
            blocks: Vec::new(),
        };
        for form in library.forms() {
            for table in &form.tables {
                for block in &table.blocks {
                    let compiled = lexicon.block(form, table, block);
                    lexicon.blocks.push(compiled);
                }
            }
        }
        lexicon
    }

    /// The label maker, for texts that are not cells.
    pub(super) fn labeller(&self) -> &Labeller {
        &self.labeller
    }

    /// Whether some form has a row of that label.
    pub(super) fn is_row_label(&self, label: LabelId) -> bool {
        self.row_labels.contains(&label)
    }

    /// The labels that a printed text may stand for.
    pub(super) fn matches(&self, text: &str) -> Matches {
        let mut found = self.compare(&self.labeller.label(text));
        if found.iter().any(|(_, score)| *score > 0.95) {
            return found;
        }
        let folded = self.labeller.fold(text);
        // 规章（设区的市应提供）: filing instructions behind the label.
        let core = folded.rfind('(').filter(|at| *at > 0 && folded.ends_with(')')).and_then(|at| folded.get(..at));
        if let Some(core) = core {
            found.extend(self.compare(&self.labeller.label(core)));
        }
        // 三、本年度办理结果（一）予以公开: the group and the row in one cell. Only an exact rest is believed.
        let mut inner = folded.char_indices().skip(4).filter(|(_, c)| *c == '(' || c.is_ascii_digit());
        let exact = |(at, _): (usize, char)| {
            let rest = self.compare(&self.labeller.label(folded.get(at..)?));
            rest.iter().any(|(_, score)| *score > 0.95).then_some(rest)
        };
        found.extend(inner.find_map(exact).unwrap_or_default());
        found
    }

    /// The known labels that are like this one.
    pub(super) fn compare(&self, label: &Label) -> Matches {
        if label.is_empty() {
            return Vec::new();
        }
        if let Some(ids) = self.by_body.get(&label.body) {
            return ids.iter().filter_map(|id| Some((*id, label.similarity(self.labels.get(*id)?)))).collect();
        }
        self.labels
            .iter()
            .enumerate()
            .map(|(id, known)| (id, label.similarity(known)))
            .filter(|(_, score)| *score >= SAME)
            .collect()
    }

    fn block(&mut self, form: &'a Form, table: &'a form::Table, block: &'a form::Block) -> BlockForm<'a> {
        let columns = block.columns.iter().map(|c| self.path(&c.key, &c.path, &c.aliases)).collect();
        let rows = block.rows.iter().filter(|r| !r.heading).map(|r| self.path(&r.key, &r.path, &r.aliases)).collect();
        let corner = block.corner.iter().map(|text| self.intern(text)).collect();
        BlockForm { form, table, block, columns, rows, corner }
    }

    fn path(&mut self, key: &str, path: &[String], aliases: &[String]) -> PathForm {
        let (leaf, groups) = path.split_last().map_or((None, &[][..]), |(leaf, groups)| (Some(leaf), groups));
        let mut ids: Vec<LabelId> = Vec::new();
        for text in leaf.into_iter().chain(aliases) {
            ids.push(self.intern(text));
            // 部分公开（区分处理的，…）: the remark is often left out or shortened.
            if let Some(core) = without_remark(text) {
                ids.push(self.intern(core));
            }
        }
        PathForm { key: key.to_owned(), leaf: ids, groups: groups.iter().map(|g| self.intern(g)).collect() }
    }

    fn intern(&mut self, text: &str) -> LabelId {
        let label = self.labeller.label(text);
        if let Some(id) = self.labels.iter().position(|known| *known == label) {
            return id;
        }
        let id = self.labels.len();
        self.by_body.entry(label.body.clone()).or_default().push(id);
        self.labels.push(label);
        id
    }
}

/// The text before a remark in brackets at its end.
fn without_remark(text: &str) -> Option<&str> {
    let core = text.strip_suffix(['）', ')'])?;
    let open = core.rfind(['（', '('])?;
    let core = core.get(..open)?;
    (core.chars().count() >= 4).then_some(core)
}

/// How well a text that has these matches stands for one of the labels; 0 when it does not.
pub(super) fn score(matches: &Matches, ids: &[LabelId]) -> f32 {
    matches.iter().filter(|(id, _)| ids.contains(id)).map(|(_, score)| *score).fold(0.0, f32::max)
}
