//! The list definitions of a docx file in, as [`Numbering`] counts them out.

use super::FORMAT;
use crate::error::Result;
use crate::limits::Limits;
use crate::source::word::numbering::{Definition, LEVELS, Level, List, Numbering};
use crate::source::xml::{Tag, Token, Xml};

/// Reads the definitions.
pub(super) fn read(text: &str, limits: &Limits) -> Result<Numbering> {
    let mut xml = Xml::new(text, FORMAT, limits);
    let mut numbering = Numbering::default();
    while let Some(token) = xml.next()? {
        let Token::Open(tag) = token else { continue };
        match tag.name() {
            "abstractNum" => {
                let id = tag.number("abstractNumId").unwrap_or(u32::MAX);
                numbering.definitions.insert(id, definition(&mut xml)?);
            }
            "num" => {
                let id = tag.number("numId").unwrap_or(u32::MAX);
                numbering.lists.insert(id, list(&mut xml)?);
            }
            _ => {}
        }
    }
    Ok(numbering)
}

/// The rest of an `abstractNum` element.
fn definition(xml: &mut Xml<'_>) -> Result<Definition> {
    let mut definition = Definition::default();
    let mut open = 1_u32;
    while let Some(tag) = xml.next_open(&mut open)? {
        match tag.name() {
            "lvl" => {
                let at = tag.number("ilvl").unwrap_or(LEVELS);
                let level = level(xml)?;
                definition.levels.insert(at, level);
            }
            name => {
                match name {
                    "numStyleLink" => definition.uses = tag.attr("val").map(Into::into),
                    "styleLink" => definition.is = tag.attr("val").map(Into::into),
                    _ => {}
                }
                open += 1;
            }
        }
    }
    Ok(definition)
}

/// The rest of a `num` element.
fn list(xml: &mut Xml<'_>) -> Result<List> {
    let mut list = List::default();
    let mut at = 0;
    let mut open = 1_u32;
    while let Some(tag) = xml.next_open(&mut open)? {
        match tag.name() {
            "lvl" => {
                let at = tag.number("ilvl").unwrap_or(at);
                let level = level(xml)?;
                list.levels.insert(at, level);
            }
            name => {
                match name {
                    "abstractNumId" => list.definition = tag.number("val").unwrap_or(u32::MAX),
                    "lvlOverride" => at = tag.number("ilvl").unwrap_or(LEVELS),
                    "startOverride" => {
                        list.starts.insert(at, tag.number("val").unwrap_or(1));
                    }
                    _ => {}
                }
                open += 1;
            }
        }
    }
    Ok(list)
}

/// The rest of a `lvl` element.
fn level(xml: &mut Xml<'_>) -> Result<Level> {
    let mut level = Level::default();
    let mut open = 1_u32;
    while let Some(tag) = xml.next_open(&mut open)? {
        set(&mut level, &tag);
        open += 1;
    }
    Ok(level)
}

fn set(level: &mut Level, tag: &Tag<'_>) {
    let value = || tag.attr("val").unwrap_or_default().into_owned();
    match tag.name() {
        "start" => level.start = tag.number("val").unwrap_or(1),
        "numFmt" => level.format = value(),
        "lvlText" => level.set_text(value().chars()),
        "isLgl" => level.legal = !matches!(&*value(), "0" | "false"),
        "lvlRestart" => level.restart = tag.number("val"),
        "suff" => level.tight = value() == "nothing",
        "pStyle" => level.style = Some(value()),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbering(levels: &[(&str, &str)], rest: &str) -> Numbering {
        let levels: Vec<String> = levels
            .iter()
            .enumerate()
            .map(|(at, (format, text))| {
                format!("<lvl ilvl='{at}'><start val='1'/><numFmt val='{format}'/><lvlText val='{text}'/></lvl>")
            })
            .collect();
        let levels = levels.concat();
        let text = format!(
            "<numbering><abstractNum abstractNumId='7'>{levels}</abstractNum>
             <num numId='1'><abstractNumId val='7'/></num>{rest}</numbering>"
        );
        read(&text, &Limits::default()).unwrap()
    }

    #[test]
    fn levels_count_and_reset() {
        let mut n = numbering(&[("chineseCounting", "%1、"), ("japaneseCounting", "（%2）"), ("decimal", "%3.")], "");
        let order = [0, 1, 1, 2, 2, 1, 2, 0, 1];
        let numbers: Vec<_> = order.iter().map(|&level| n.next(1, level).unwrap()).collect();
        assert_eq!(numbers, ["一、", "（一）", "（二）", "1. ", "2. ", "（三）", "1. ", "二、", "（一）"]);
    }

    #[test]
    fn lists_of_one_definition_go_on_unless_they_start_anew() {
        let rest = "<num numId='2'><abstractNumId val='7'/></num><num numId='3'><abstractNumId val='7'/>
            <lvlOverride ilvl='0'><startOverride val='5'/></lvlOverride></num>";
        let mut n = numbering(&[("decimal", "%1、")], rest);
        let numbers: Vec<_> = [1, 2, 3, 3, 1].iter().map(|&list| n.next(list, 0).unwrap()).collect();
        assert_eq!(numbers, ["1、", "2、", "5、", "6、", "7、"]);
        assert_eq!(n.next(9, 0), None);
    }

    #[test]
    fn bullets_give_nothing_and_definitions_are_linked_by_style() {
        let mut n = numbering(&[("bullet", "●")], "");
        assert_eq!(n.next(1, 0), None);
        let text = "<numbering><abstractNum abstractNumId='1'><numStyleLink val='s'/></abstractNum>
            <abstractNum abstractNumId='2'><styleLink val='s'/><lvl ilvl='0'><pStyle val='h'/><lvlText val='%1)'/>
            <suff val='nothing'/></lvl></abstractNum><num numId='1'><abstractNumId val='1'/></num></numbering>";
        let mut n = read(text, &Limits::default()).unwrap();
        assert_eq!(n.level_of_style(1, "h"), Some(0));
        assert_eq!(n.next(1, 0).unwrap(), "1)");
    }
}
