//! The instructions of a page in, the same page in instructions that the decoder follows out.
//!
//! The decoder does not know the operators `'` and `"`, draws a form where the page begins, follows the samples of an
//! image as if they were instructions, and shows text that is set to be invisible. A page with none of these stays as
//! it is; of others each form becomes a copy that is placed where it is drawn.

use super::view::{inherited, number};
use pdf_extract::content::{Content, Operation};
use pdf_extract::{Dictionary, Document, Error, Object, ObjectId, Stream};

/// Forms that are drawn by forms deeper than this are left out.
const DEEPEST: usize = 16;
/// Forms that a page draws beyond this many are left out.
const MOST: usize = 4096;

/// What a transformation does: `[a b c d e f]` as in the format.
type Matrix = [f64; 6];

const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// Rewrites the instructions of a page.
pub(super) fn rewrite(doc: &mut Document, page: ObjectId) -> Result<(), Error> {
    let content = doc.get_page_content(page)?;
    let operations = Content::decode(&content)?.operations;
    if !operations.iter().any(|op| matches!(op.operator.as_str(), "'" | "\"" | "Do" | "Tr")) {
        return Ok(());
    }
    let resources = inherited(doc, page, b"Resources").and_then(|found| found.as_dict().ok()).cloned();
    let mut rewriter = Rewriter { doc, drawn: 0 };
    let (content, resources) = rewriter.follow(operations, resources.unwrap_or_default(), IDENTITY, 0)?;
    let content = doc.add_object(Stream::new(Dictionary::new(), content));
    let page = doc.get_dictionary_mut(page)?;
    page.set("Contents", content);
    page.set("Resources", resources);
    Ok(())
}

/// The part of the graphics state that matters here.
#[derive(Clone, Copy)]
struct State {
    matrix: Matrix,
    invisible: bool,
}

struct Rewriter<'d> {
    doc: &'d mut Document,
    /// How many forms have been drawn.
    drawn: usize,
}

impl Rewriter<'_> {
    /// What to do instead of `operations`, which begin with this matrix, and with which resources.
    fn follow(
        &mut self,
        operations: Vec<Operation>,
        mut resources: Dictionary,
        matrix: Matrix,
        depth: usize,
    ) -> Result<(Vec<u8>, Dictionary), Error> {
        let mut out = Vec::with_capacity(operations.len());
        let mut forms = Dictionary::new();
        let mut state = State { matrix, invisible: false };
        let mut saved = Vec::new();
        for op in operations {
            match op.operator.as_str() {
                "q" => saved.push(state),
                "Q" => state = saved.pop().unwrap_or(state),
                "cm" => state.matrix = six(&op.operands).map_or(state.matrix, |m| times(m, state.matrix)),
                "Tr" => state.invisible = matches!(op.operands.first(), Some(Object::Integer(3 | 7))),
                _ => {}
            }
            match op.operator.as_str() {
                "Do" => {
                    if let Some(form) = self.form(&op, &resources, state.matrix, depth) {
                        let name = format!("F{}", forms.len());
                        forms.set(name.clone(), form);
                        out.push(Operation::new("Do", vec![Object::Name(name.into_bytes())]));
                    }
                }
                "'" | "\"" => feed_and_show(op, state.invisible, &mut out),
                "Tj" | "TJ" if state.invisible => {}
                _ => out.push(op),
            }
        }
        resources.set("XObject", forms);
        Ok((Content { operations: out }.encode()?, resources))
    }

    /// A copy of the form that is drawn, placed where the page is drawn to; `None` for images and what is too deep.
    fn form(&mut self, op: &Operation, resources: &Dictionary, page: Matrix, depth: usize) -> Option<ObjectId> {
        self.drawn += 1;
        if depth >= DEEPEST || self.drawn > MOST {
            return None;
        }
        let name = op.operands.first()?.as_name().ok()?;
        let forms = resources.get_deref(b"XObject", self.doc).and_then(Object::as_dict).ok()?;
        let form = forms.get_deref(name, self.doc).and_then(Object::as_stream).ok()?;
        if form.dict.get_deref(b"Subtype", self.doc).and_then(Object::as_name).ok()? != b"Form" {
            return None;
        }
        let own = form.dict.get_deref(b"Matrix", self.doc).and_then(Object::as_array).ok();
        let place = times(own.and_then(|own| six(own)).unwrap_or(IDENTITY), page);
        let content = Content::decode(&form.get_plain_content().ok()?).ok()?.operations;
        let inner = form.dict.get_deref(b"Resources", self.doc).and_then(Object::as_dict).unwrap_or(resources).clone();
        let (content, inner) = self.follow(content, inner, place, depth + 1).ok()?;
        let content = [place.map(|value| value.to_string()).join(" ").as_bytes(), b" cm\n", &content].concat();
        let dict = Dictionary::from_iter([("Subtype", Object::Name(b"Form".to_vec())), ("Resources", inner.into())]);
        Some(self.doc.add_object(Stream::new(dict, content)))
    }
}

/// `'` and `"` in other words: spacing if it is given, a new line, the text.
fn feed_and_show(mut op: Operation, invisible: bool, out: &mut Vec<Operation>) {
    let text = op.operands.pop();
    for (operator, spacing) in ["Tw", "Tc"].into_iter().zip(op.operands) {
        out.push(Operation::new(operator, vec![spacing]));
    }
    out.push(Operation::new("T*", Vec::new()));
    out.extend(text.filter(|_| !invisible).map(|text| Operation::new("Tj", vec![text])));
}

fn six(operands: &[Object]) -> Option<Matrix> {
    let values: Option<Vec<f64>> = operands.iter().map(number).collect();
    values?.try_into().ok()
}

/// First `inner`, then `outer`.
fn times(inner: Matrix, outer: Matrix) -> Matrix {
    let turned = |x: f64, y: f64| [x * outer[0] + y * outer[2], x * outer[1] + y * outer[3]];
    let (across, up, origin) = (turned(inner[0], inner[1]), turned(inner[2], inner[3]), turned(inner[4], inner[5]));
    [across[0], across[1], up[0], up[1], origin[0] + outer[4], origin[1] + outer[5]]
}
