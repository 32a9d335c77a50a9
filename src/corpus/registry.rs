//! A user's CSV of issuers in, who a printed name is and which units an upper one has out.
//!
//! The first line names the columns: `code`, `name`, `parent` and `variants`, in any order; others are passed over.
//! `parent` is the code of the upper unit or empty; `variants` are other names, parted by `|` or `;`. Names are compared
//! folded: width and white space do not matter. Nothing is guessed: a name that is not there belongs to nobody.

use crate::error::{Error, ErrorKind};
use crate::number::fold;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// No unit has more levels above it, unless they go in a circle.
const LEVELS: usize = 100;

/// The issuers that a user knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Registry {
    units: BTreeMap<String, Unit>,
    /// Folded names and variants, with the code of the unit.
    names: BTreeMap<String, String>,
}

/// An issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its name.
    pub name: String,
    /// The code of its upper unit.
    pub parent: Option<String>,
}

/// Where the columns are.
struct Columns {
    code: usize,
    name: usize,
    parent: usize,
    variants: usize,
}

impl Registry {
    /// Reads the file; `path` is for messages. UTF-8 with or without a byte order mark, or GB 18030.
    pub fn read(path: &str, bytes: &[u8]) -> Result<Self, Error> {
        decode(bytes).and_then(|text| Self::parse(&text)).map_err(|message| ErrorKind::Registry { message }.at(path))
    }

    /// The code of the unit that has this name.
    #[must_use]
    pub fn code(&self, name: &str) -> Option<&str> {
        self.names.get(&fold(name)).map(String::as_str)
    }

    /// The unit with that code.
    #[must_use]
    pub fn unit(&self, code: &str) -> Option<&Unit> {
        self.units.get(code)
    }

    /// Upper units, by code, with the codes of their units.
    #[must_use]
    pub fn uppers(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut uppers = BTreeMap::<&str, Vec<&str>>::new();
        for (code, unit) in &self.units {
            if let Some(parent) = &unit.parent {
                uppers.entry(parent).or_default().push(code);
            }
        }
        uppers
    }

    fn parse(text: &str) -> Result<Self, String> {
        let mut records = records(text)?.into_iter();
        let (_, header) = records.next().ok_or("line 1: the header is missing")?;
        let columns = Columns::of(&header)?;
        let mut registry = Self::default();
        let mut lines = BTreeMap::new();
        for (line, record) in records {
            let code = registry.add(line, &record, &header, &columns)?;
            lines.insert(code, line);
        }
        registry.check_parents(&lines)?;
        Ok(registry)
    }

    /// Adds a line; gives its code.
    fn add(&mut self, line: usize, record: &[String], header: &[String], columns: &Columns) -> Result<String, String> {
        if record.len() != header.len() {
            return Err(format!("line {line}: {} fields, but the header has {}", record.len(), header.len()));
        }
        let field = |at: usize| record.get(at).map(|field| field.trim()).unwrap_or_default();
        let (code, name) = (field(columns.code), field(columns.name));
        if code.is_empty() || name.is_empty() {
            return Err(format!("line {line}: the code or the name is empty"));
        }
        let parent = Some(field(columns.parent)).filter(|parent| !parent.is_empty()).map(str::to_owned);
        if self.units.insert(code.to_owned(), Unit { name: name.to_owned(), parent }).is_some() {
            return Err(format!("line {line}: the code `{code}` stands twice"));
        }
        let variants = field(columns.variants).split(['|', ';']).map(str::trim).filter(|v| !v.is_empty());
        for variant in std::iter::once(name).chain(variants) {
            let other = self.names.insert(fold(variant), code.to_owned());
            if let Some(other) = other.filter(|other| other != code) {
                return Err(format!("line {line}: `{variant}` is a name of both `{other}` and `{code}`"));
            }
        }
        Ok(code.to_owned())
    }

    /// Every parent is there, and no unit stands above itself.
    fn check_parents(&self, lines: &BTreeMap<String, usize>) -> Result<(), String> {
        for (code, unit) in &self.units {
            let line = lines.get(code).copied().unwrap_or_default();
            let mut above = unit.parent.as_deref();
            let mut levels = 0;
            while let Some(parent) = above {
                let Some(upper) = self.units.get(parent) else {
                    return Err(format!("line {line}: there is no unit with the code `{parent}`"));
                };
                levels += 1;
                if levels > LEVELS {
                    return Err(format!("line {line}: the units above `{code}` go in a circle"));
                }
                above = upper.parent.as_deref();
            }
        }
        Ok(())
    }
}

impl Columns {
    fn of(header: &[String]) -> Result<Self, String> {
        let at = |name: &str| {
            let mut found = header.iter().enumerate().filter(|(_, field)| field.trim() == name).map(|(at, _)| at);
            match (found.next(), found.next()) {
                (Some(at), None) => Ok(at),
                (None, _) => Err(format!("line 1: there is no column `{name}`")),
                (Some(_), Some(_)) => Err(format!("line 1: the column `{name}` stands twice")),
            }
        };
        Ok(Self { code: at("code")?, name: at("name")?, parent: at("parent")?, variants: at("variants")? })
    }
}

/// The text, without a byte order mark.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    let plain = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(plain) {
        return Ok(Cow::Borrowed(text));
    }
    let decoded = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(plain);
    decoded.ok_or_else(|| "the file is neither UTF-8 nor GB 18030".to_owned())
}

/// The records of a CSV text with the lines they begin on; empty lines are passed over. A field in double quotes may hold
/// commas, line breaks and doubled quotes.
fn records(text: &str) -> Result<Vec<(usize, Vec<String>)>, String> {
    let mut records = Vec::new();
    let (mut record, mut field) = (Vec::new(), String::new());
    let (mut line, mut begun) = (1, 1);
    let (mut quoted, mut was_quoted) = (false, false);
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        line += usize::from(c == '\n');
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => field.extend(characters.next()),
            '"' if quoted => quoted = false,
            c if quoted => field.push(c),
            '"' if field.is_empty() && !was_quoted => (quoted, was_quoted) = (true, true),
            ',' => {
                record.push(std::mem::take(&mut field));
                was_quoted = false;
            }
            '\r' if characters.peek() == Some(&'\n') => {}
            '\n' => {
                end(&mut records, &mut record, &mut field, begun);
                (begun, was_quoted) = (line, false);
            }
            _ if was_quoted => return Err(format!("line {line}: text behind a field in quotes")),
            c => field.push(c),
        }
    }
    if quoted {
        return Err(format!("line {begun}: a quote is not closed"));
    }
    end(&mut records, &mut record, &mut field, begun);
    Ok(records)
}

/// Closes a record, unless it is an empty line.
fn end(records: &mut Vec<(usize, Vec<String>)>, record: &mut Vec<String>, field: &mut String, line: usize) {
    record.push(std::mem::take(field));
    let record = std::mem::take(record);
    if record.len() > 1 || record.iter().any(|field| !field.trim().is_empty()) {
        records.push((line, record));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        Registry::read("r.csv", text.as_bytes()).unwrap_err().to_string()
    }

    const TEXT: &str = "code,name,parent,variants\n\
        32,澄砚市人民政府,,澄砚市政府|澄砚市\n\
        3201,青禾县人民政府,32,\"青禾县政府;青禾县, 汇总\"\r\n\
        \n\
        3202,霜桥县人民政府,32,\n";

    #[test]
    fn names_variants_and_parents_are_known() {
        let registry = Registry::read("r.csv", TEXT.as_bytes()).unwrap();
        assert_eq!(registry.code("青禾县 政府"), Some("3201"));
        assert_eq!(registry.code("青禾县，汇总"), Some("3201"));
        assert_eq!(registry.code("青禾县"), None);
        assert_eq!(registry.uppers(), BTreeMap::from([("32", vec!["3201", "3202"])]));
    }

    #[test]
    fn a_mark_of_order_and_an_old_encoding_change_nothing() {
        let registry = Registry::read("r.csv", TEXT.as_bytes()).unwrap();
        assert_eq!(Registry::read("r.csv", format!("\u{FEFF}{TEXT}").as_bytes()).unwrap(), registry);
        assert_eq!(Registry::read("r.csv", &encoding_rs::GB18030.encode(TEXT).0).unwrap(), registry);
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        let head = "code,name,parent,variants\n";
        let of = |lines: &str| refused(&format!("{head}{lines}"));
        assert!(of("1,a,9,\n").contains("line 2: there is no unit with the code `9`"));
        assert!(of("1,a,,x\n2,b,,y|x\n").contains("line 3: `x` is a name of both `1` and `2`"));
        assert!(of("1,a,2,\n2,b,3,\n3,c,1,\n").contains("line 2: the units above `1` go in a circle"));
        assert!(of("1,a,1,\n").contains("go in a circle"));
        assert!(of("1,a,2,\n2,b,3,\n3,c,2,\n").contains("go in a circle"));
        assert!(of("1,a,,\n1,b,,\n").contains("line 3: the code `1` stands twice"));
        assert!(of("1,a,\n").contains("line 2: 3 fields, but the header has 4"));
        assert!(of("1,,,\n").contains("line 2: the code or the name is empty"));
        assert!(of("1,\"a,,\n").contains("line 2: a quote is not closed"));
        assert!(of("1,\"a\"b,,\n").contains("line 2: text behind a field in quotes"));
        assert!(refused("code,name,parent\n").contains("line 1: there is no column `variants`"));
        assert!(refused("").contains("line 1"));
        let neither = Registry::read("r.csv", b"code,\xff\xff").unwrap_err().to_string();
        assert!(neither.contains("neither UTF-8 nor GB 18030"), "{neither}");
    }
}
