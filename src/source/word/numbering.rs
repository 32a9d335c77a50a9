//! The list definitions of a docx file in; the automatic number of each paragraph out, in the order they are asked.
//! Bullets are decoration and give nothing.

use super::FORMAT;
use crate::error::Result;
use crate::limits::Limits;
use crate::source::xml::{Tag, Token, Xml};
use std::collections::{BTreeMap, BTreeSet};

const LEVELS: usize = 9;
/// Longer patterns would multiply a small file; Word's own are far shorter.
const LONGEST: usize = 64;

/// The lists of a document and how far each has been counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    /// By list id.
    lists: BTreeMap<u32, List>,
    /// By definition id.
    definitions: BTreeMap<u32, Definition>,
    /// By definition id: lists that share a definition are counted on together.
    counts: BTreeMap<u32, [Option<u32>; LEVELS]>,
    /// Starting numbers of lists that have been used already.
    started: BTreeSet<(u32, usize)>,
}

#[derive(Debug, Default)]
struct List {
    definition: u32,
    starts: BTreeMap<usize, u32>,
    levels: BTreeMap<usize, Level>,
}

#[derive(Debug, Default)]
struct Definition {
    levels: BTreeMap<usize, Level>,
    /// The style it takes its levels from.
    uses: Option<String>,
    /// The style that it gives its levels to.
    is: Option<String>,
}

#[derive(Debug, Clone)]
struct Level {
    start: u32,
    format: String,
    text: String,
    /// All numbers of the pattern in Arabic digits.
    legal: bool,
    /// The number of levels above that reset it when counted on; all by default.
    restart: Option<usize>,
    tight: bool,
    style: Option<String>,
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
    /// Reads the definitions.
    pub(super) fn read(text: &str, limits: &Limits) -> Result<Self> {
        let mut xml = Xml::new(text, FORMAT, limits);
        let mut numbering = Self::default();
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

    /// The definition that a link by style leads to.
    fn resolved(&self, id: u32) -> u32 {
        let uses = self.definitions.get(&id).and_then(|definition| definition.uses.as_deref());
        let giver = |style| self.definitions.iter().find(|(_, definition)| definition.is.as_deref() == Some(style));
        uses.and_then(giver).map_or(id, |(&id, _)| id)
    }
}

/// The rest of an `abstractNum` element.
fn definition(xml: &mut Xml<'_>) -> Result<Definition> {
    let mut definition = Definition::default();
    let mut open = 1_u32;
    while open > 0 {
        match xml.next()? {
            Some(Token::Open(tag)) => match tag.name() {
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
            },
            Some(Token::Close) => open -= 1,
            Some(Token::Text(_)) => {}
            None => break,
        }
    }
    Ok(definition)
}

/// The rest of a `num` element.
fn list(xml: &mut Xml<'_>) -> Result<List> {
    let mut list = List::default();
    let mut at = 0;
    let mut open = 1_u32;
    while open > 0 {
        match xml.next()? {
            Some(Token::Open(tag)) if tag.name() == "lvl" => {
                let at = tag.number("ilvl").unwrap_or(at);
                let level = level(xml)?;
                list.levels.insert(at, level);
            }
            Some(Token::Open(tag)) => {
                match tag.name() {
                    "abstractNumId" => list.definition = tag.number("val").unwrap_or(u32::MAX),
                    "lvlOverride" => at = tag.number("ilvl").unwrap_or(LEVELS),
                    "startOverride" => {
                        list.starts.insert(at, tag.number("val").unwrap_or(1));
                    }
                    _ => {}
                }
                open += 1;
            }
            Some(Token::Close) => open -= 1,
            Some(Token::Text(_)) => {}
            None => break,
        }
    }
    Ok(list)
}

/// The rest of a `lvl` element.
fn level(xml: &mut Xml<'_>) -> Result<Level> {
    let mut level = Level::default();
    let mut open = 1_u32;
    while open > 0 {
        match xml.next()? {
            Some(Token::Open(tag)) => {
                level.set(&tag);
                open += 1;
            }
            Some(Token::Close) => open -= 1,
            Some(Token::Text(_)) => {}
            None => break,
        }
    }
    Ok(level)
}

impl Level {
    fn set(&mut self, tag: &Tag<'_>) {
        let value = || tag.attr("val").unwrap_or_default().into_owned();
        match tag.name() {
            "start" => self.start = tag.number("val").unwrap_or(1),
            "numFmt" => self.format = value(),
            "lvlText" => self.text = value().chars().take(LONGEST).collect(),
            "isLgl" => self.legal = !matches!(&*value(), "0" | "false"),
            "lvlRestart" => self.restart = tag.number("val"),
            "suff" => self.tight = value() == "nothing",
            "pStyle" => self.style = Some(value()),
            _ => {}
        }
    }
}

/// A number as a list format writes it; formats that are not known come out in Arabic digits.
fn written(n: u32, format: &str) -> String {
    let ring = |first: u32, last: u32| (1..=last).contains(&n).then(|| char::from_u32(first + n - 1)).flatten();
    let sign = match format {
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => ring(0x2460, 20),
        "decimalEnclosedParen" => ring(0x2474, 20),
        "decimalEnclosedFullstop" => ring(0x2488, 20),
        "ideographEnclosedCircle" => ring(0x3280, 10),
        "ideographTraditional" => nth("甲乙丙丁戊己庚辛壬癸", n),
        "ideographZodiac" => nth("子丑寅卯辰巳午未申酉戌亥", n),
        _ => None,
    };
    if let Some(sign) = sign {
        return sign.to_string();
    }
    match format {
        "none" => String::new(),
        "decimalZero" => format!("{n:02}"),
        "decimalFullWidth" | "decimalFullWidth2" => mapped(n, "０１２３４５６７８９"),
        "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => mapped(n, "〇一二三四五六七八九"),
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand" => chinese(n, "零一二三四五六七八九", ["", "十", "百", "千"]),
        "chineseLegalSimplified" => chinese(n, "零壹贰叁肆伍陆柒捌玖", ["", "拾", "佰", "仟"]),
        "ideographLegalTraditional" => chinese(n, "零壹貳參肆伍陸柒捌玖", ["", "拾", "佰", "仟"]),
        "upperLetter" => letters(n, 'A').unwrap_or_else(|| n.to_string()),
        "lowerLetter" => letters(n, 'a').unwrap_or_else(|| n.to_string()),
        "upperRoman" => roman(n),
        "lowerRoman" => roman(n).to_lowercase(),
        _ => n.to_string(),
    }
}

fn nth(signs: &str, n: u32) -> Option<char> {
    signs.chars().nth(usize::try_from(n.checked_sub(1)?).ok()?)
}

fn mapped(n: u32, digits: &str) -> String {
    let digit = |char: char| digits.chars().nth(char.to_digit(10)? as usize);
    n.to_string().chars().filter_map(digit).collect()
}

/// Up to 9,999 in words: 十, 十一, 二十, 一百零一.
fn chinese(n: u32, digits: &str, units: [&str; 4]) -> String {
    if n == 0 || n > 9_999 {
        return mapped(n, digits);
    }
    let mut words = String::new();
    let mut gap = false;
    for (power, unit) in units.iter().enumerate().rev() {
        let digit = n / 10_u32.pow(u32::try_from(power).unwrap_or(0)) % 10;
        if digit == 0 {
            gap = true;
            continue;
        }
        if gap && !words.is_empty() {
            words.push_str(&mapped(0, digits));
        }
        gap = false;
        // 十一, but 一百一十一.
        if !(digit == 1 && power == 1 && words.is_empty()) {
            words.push_str(&mapped(digit, digits));
        }
        words.push_str(unit);
    }
    words
}

/// A … Z, AA, BB …
fn letters(n: u32, first: char) -> Option<String> {
    let index = n.checked_sub(1)?;
    let letter = char::from_u32(u32::from(first) + index % 26)?;
    (index < 26 * 10).then(|| letter.to_string().repeat(index as usize / 26 + 1))
}

fn roman(n: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if n == 0 || n > 3_999 {
        return n.to_string();
    }
    let mut left = n;
    let mut signs = String::new();
    for (value, sign) in SIGNS {
        while left >= value {
            signs.push_str(sign);
            left -= value;
        }
    }
    signs
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
        Numbering::read(&text, &Limits::default()).unwrap()
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
        let mut n = Numbering::read(text, &Limits::default()).unwrap();
        assert_eq!(n.level_of_style(1, "h"), Some(0));
        assert_eq!(n.next(1, 0).unwrap(), "1)");
    }

    #[test]
    fn formats_are_written_as_word_does() {
        let cases = [
            (10, "chineseCounting", "十"),
            (11, "chineseCountingThousand", "十一"),
            (20, "japaneseCounting", "二十"),
            (101, "chineseCountingThousand", "一百零一"),
            (110, "chineseCountingThousand", "一百一十"),
            (1005, "chineseCountingThousand", "一千零五"),
            (12, "chineseLegalSimplified", "拾贰"),
            (12, "ideographDigital", "一二"),
            (12, "decimalFullWidth", "１２"),
            (3, "decimalEnclosedCircle", "③"),
            (21, "decimalEnclosedCircle", "21"),
            (2, "ideographTraditional", "乙"),
            (28, "lowerLetter", "bb"),
            (14, "upperRoman", "XIV"),
            (4_000_000_000, "lowerRoman", "4000000000"),
            (7, "decimalZero", "07"),
        ];
        for (n, format, expected) in cases {
            assert_eq!(written(n, format), expected, "{n} {format}");
        }
    }
}
