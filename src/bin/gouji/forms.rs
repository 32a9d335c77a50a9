//! `gouji forms`: the forms at hand, one of them in full, and the lint.

use crate::args::FormsAction;
use crate::exit::Exit;
use crate::run::{Session, Stop, finish};
use crate::settings;
use gouji::ErrorKind;
use gouji::Lang;
use gouji::form::{self, Across, Block, Form, Table, Tie};
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

/// Does what was asked about forms.
pub(crate) fn run(action: &FormsAction, session: &mut Session) -> Result<(), Stop> {
    match action {
        FormsAction::List { forms } => {
            let lang = session.talk.lang;
            let text: String = settings::library(forms)?.forms().iter().map(|form| line(form, lang)).collect();
            finish(session, &text)
        }
        FormsAction::Show { id, forms } => {
            let library = settings::library(forms)?;
            let form = library.form(id).ok_or_else(|| {
                Stop::Misuse(format!("there is no form `{id}`"), "`gouji forms list` lists them all".into())
            })?;
            finish(session, &show(form, session.talk.lang))
        }
        FormsAction::Lint { files } => lint(files, session),
    }
}

fn lint(files: &[PathBuf], session: &mut Session) -> Result<(), Stop> {
    for file in files {
        let name = file.to_string_lossy();
        let text = fs::read_to_string(file).map_err(|error| ErrorKind::Io(error).at(name.clone()));
        match text.and_then(|text| form::parse(&name, &text)) {
            Ok(form) => session.out.write(&format!("{name}: ok: {}", line(&form, session.talk.lang)))?,
            Err(error) => {
                session.exit.worsen(Exit::Failed);
                session.talk.error(&error);
            }
        }
    }
    finish(session, "")
}

/// A form on one line.
fn line(form: &Form, lang: Lang) -> String {
    let cells: usize = form.tables.iter().flat_map(|table| &table.blocks).map(cells).sum();
    format!("{}\t{}\t{} tables\t{cells} cells\n", form.id, title(form, lang), form.tables.len())
}

fn title(form: &Form, lang: Lang) -> &str {
    match lang {
        Lang::En => &form.title.en,
        Lang::Zh => &form.title.zh,
    }
}

fn cells(block: &Block) -> usize {
    block.columns.len() * block.rows.iter().filter(|row| !row.heading).count()
}

/// Everything a form says, for people.
fn show(form: &Form, lang: Lang) -> String {
    let mut out = format!("{}\n{}\n{}\n", form.id, title(form, lang), form.source);
    for table in &form.tables {
        out.push_str(&show_table(table));
    }
    out.push_str(&show_across(&form.across));
    out
}

/// What ties reports of the form to each other.
fn show_across(across: &Across) -> String {
    let area = |table: &str, rows: &[String], columns: &[String]| {
        let keys = |keys: &[String]| if keys.is_empty() { "*".to_owned() } else { keys.join(",") };
        format!("{table}/{}/{}", keys(rows), keys(columns))
    };
    let mut out = if *across == Across::default() { String::new() } else { "\nbetween reports\n".to_owned() };
    for tie in &across.years {
        let signed = |sign: &str, keys: &[String]| keys.iter().fold(String::new(), |text, key| text + sign + key);
        let on = if tie.on.is_empty() { "*".to_owned() } else { tie.on.join(",") };
        let (plus, minus) = (signed(" + ", &tie.plus), signed(" - ", &tie.minus));
        let last = tie.last_year.join(" + ");
        let _ = writeln!(
            out,
            "  {}.{}.{on}: last year's {last}{plus}{minus} = {}",
            tie.rule,
            tie.table,
            tie.equals.join(" + ")
        );
    }
    for units in &across.units {
        let _ = writeln!(out, "  units: {} adds up over units", area(&units.table, &units.rows, &units.columns));
    }
    for jump in &across.jumps {
        let _ = writeln!(out, "  jump: {} by {} or more", area(&jump.table, &jump.rows, &jump.columns), jump.factor);
    }
    for explanation in &across.explanations {
        let _ = writeln!(out, "  explanation {}: of {}", explanation.id, explanation.rules.join(", "));
    }
    out
}

fn show_table(table: &Table) -> String {
    let mut out = format!("\n{}\n", table.id);
    for block in &table.blocks {
        let _ = writeln!(out, "  {}  {}", block.id, block.band.first().map_or("", String::as_str));
        for column in &block.columns {
            let unit = column.unit.as_deref().unwrap_or_default();
            let _ = writeln!(out, "    | {}  {}  {unit}", column.key, column.path.join(" / "));
        }
        for row in block.rows.iter().filter(|row| !row.heading) {
            let _ = writeln!(out, "    - {}  {}", row.key, row.path.join(" / "));
        }
    }
    for tie in &table.checks {
        let _ = writeln!(out, "  {}", equation(tie));
    }
    out
}

fn equation(tie: &Tie) -> String {
    let sign = match tie.relation {
        form::Relation::Equal => "=",
        form::Relation::AtMost => "≤",
    };
    let instance = tie.instance.as_ref().map(|instance| format!(".{instance}")).unwrap_or_default();
    format!("{}{instance}: {} {sign} {}", tie.rule, tie.sum.join(" + "), tie.equals.join(" + "))
}
