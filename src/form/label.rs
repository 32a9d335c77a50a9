//! What the form calls its tables, rows and columns, for people.

use super::{Column, Row, Table, Title};
use crate::text::Lang;

/// What stands between the labels of a path.
const BETWEEN: &str = " / ";

impl Title {
    /// The name in `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

impl Table {
    /// Its name, where it has one.
    pub fn label(&self, lang: Lang) -> Option<&str> {
        self.title.as_ref().map(|title| title.get(lang))
    }
}

impl Row {
    /// Its label: in Chinese the path that the notice prints. A row without a label has none.
    pub fn label(&self, lang: Lang) -> Option<String> {
        label(self.en.as_ref(), &self.path, lang)
    }
}

impl Column {
    /// Its label: in Chinese the path that the notice prints.
    pub fn label(&self, lang: Lang) -> Option<String> {
        label(self.en.as_ref(), &self.path, lang)
    }
}

fn label(en: Option<&String>, path: &[String], lang: Lang) -> Option<String> {
    match lang {
        Lang::En => en.cloned(),
        Lang::Zh => Some(path.join(BETWEEN)).filter(|label| !label.is_empty()),
    }
}
