//! The forms at hand: those built into the program, and those a user adds.

use super::{Block, Crosswalk, Form, Table, lint};
use crate::error::{ErrorKind, Result};
use serde::de::DeserializeOwned;

/// The form files that are part of the program: path within `forms/`, text.
const BUILTIN: [(&str, &str); 3] = [
    ("cn/foi-annual/2021.toml", include_str!("../../forms/cn/foi-annual/2021.toml")),
    ("cn/foi-annual/2019.toml", include_str!("../../forms/cn/foi-annual/2019.toml")),
    ("cn/foi-annual/2014.toml", include_str!("../../forms/cn/foi-annual/2014.toml")),
];

/// The crosswalks that are part of the program.
const CROSSWALKS: [(&str, &str); 1] =
    [("cn/foi-annual/crosswalk.toml", include_str!("../../forms/cn/foi-annual/crosswalk.toml"))];

/// A set of forms, newest edition of a family first.
#[derive(Debug, Clone, PartialEq)]
pub struct Library {
    forms: Vec<Form>,
}

impl Library {
    /// The forms that are part of the program. They are linted by the tests, not at every start.
    pub fn builtin() -> Result<Self> {
        let forms = BUILTIN.into_iter().map(|(path, text)| read(path, text)).collect::<Result<Vec<Form>>>()?;
        Ok(Self { forms })
    }

    /// Adds a form from the text of its file; `path` is for messages. A form whose id is taken is refused: forms are
    /// added, never silently replaced.
    pub fn add(&mut self, path: &str, text: &str) -> Result<()> {
        let form = parse(path, text)?;
        if self.forms.iter().any(|f| f.id == form.id) {
            return Err(
                ErrorKind::Form { message: format!("a form with the id `{}` is already there", form.id) }.at(path)
            );
        }
        self.forms.push(form);
        Ok(())
    }

    /// All forms, in the order they were added.
    #[must_use]
    pub fn forms(&self) -> &[Form] {
        &self.forms
    }

    /// The form with that id.
    #[must_use]
    pub fn form(&self, id: &str) -> Option<&Form> {
        self.forms.iter().find(|f| f.id == id)
    }

    /// The table `table` of form `form`.
    #[must_use]
    pub fn table(&self, form: &str, table: &str) -> Option<&Table> {
        self.form(form)?.tables.iter().find(|t| t.id == table)
    }

    /// The block `block` of a table of form `form`.
    #[must_use]
    pub fn block(&self, form: &str, table: &str, block: &str) -> Option<&Block> {
        self.table(form, table)?.blocks.iter().find(|b| b.id == block)
    }
}

/// What is known about comparing editions of the built-in forms. It is read when it is asked for: most runs do not.
pub fn crosswalks() -> Result<Vec<Crosswalk>> {
    CROSSWALKS.into_iter().map(|(path, text)| read(path, text)).collect()
}

/// Reads and lints one form file. Mistakes are told with file, line and caret, as far as the parser knows them.
pub fn parse(path: &str, text: &str) -> Result<Form> {
    let form: Form = read(path, text)?;
    let problems = lint::problems(&form);
    if problems.is_empty() { Ok(form) } else { Err(ErrorKind::Form { message: problems.join("; ") }.at(path)) }
}

fn read<T: DeserializeOwned>(path: &str, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|e| ErrorKind::Form { message: e.to_string().trim_end().to_owned() }.at(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_forms_are_sound() {
        for (path, text) in BUILTIN {
            assert!(parse(path, text).is_ok(), "{:?}", parse(path, text).err());
        }
    }

    #[test]
    fn the_built_in_forms_load_and_have_the_official_size() {
        let library = Library::builtin().unwrap();
        let cells = |form: &str, table: &str| -> usize {
            let table = library.table(form, table).unwrap();
            table.blocks.iter().map(|b| b.columns.len() * b.rows.iter().filter(|r| !r.heading).count()).sum()
        };
        assert_eq!(cells("cn.foi-annual/2021", "proactive_disclosure"), 10);
        assert_eq!(cells("cn.foi-annual/2021", "applications"), 175);
        assert_eq!(cells("cn.foi-annual/2021", "review_litigation"), 15);
        assert_eq!(cells("cn.foi-annual/2019", "proactive_disclosure"), 22);
        assert_eq!(cells("cn.foi-annual/2019", "applications"), 161);
        assert_eq!(cells("cn.foi-annual/2014", "statistics_2014"), 58);
    }

    #[test]
    fn a_form_is_added_but_never_replaced() {
        let mut library = Library::builtin().unwrap();
        let (path, text) = BUILTIN[0];
        assert_eq!(library.add(path, text).unwrap_err().code(), "form");
    }

    #[test]
    fn a_mistake_is_told_with_its_line() {
        let error = parse("x.toml", "id = \"a/1\"\nsuorce = 1\n").unwrap_err();
        assert!(error.to_string().contains("suorce"), "{error}");
        assert!(error.to_string().contains("line 2"), "{error}");
    }
}
