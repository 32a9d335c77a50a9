//! What came of the second reading in, the findings that say so out.

use super::Tally;
use crate::finding::{Code, Finding};
use crate::settle::{Cell, Why};
use crate::text::Text;

/// Two readings of a number differ.
pub(super) fn differs(table: &str, cell: &Cell, second: &str) -> Finding {
    let (first, second) = (flat(&cell.raw), flat(second));
    let en = format!("read as {first:?}, and as {second:?} by another decoder");
    let zh = format!("首次读作“{first}”，另一解码程序读作“{second}”");
    Finding::new(Code::SecondReadingDiffers, Text::new(en, zh))
        .cells([format!("{table}/{}/{}", cell.row, cell.column)])
        .at(cell.place.clone())
}

/// Some numbers of a report could not be read again; `None` where all could.
pub(super) fn incomplete(tally: &Tally) -> Option<Finding> {
    let missed: u32 = tally.not_possible.values().sum();
    let reasons = |words: fn(Why) -> (&'static str, &'static str)| {
        let each = tally.not_possible.iter().map(|(why, count)| (words(*why), count));
        each.map(|((en, zh), count)| (format!("{count} {en}"), format!("{count} 个{zh}")))
            .unzip::<_, _, Vec<_>, Vec<_>>()
    };
    let (en, zh) = reasons(words);
    let numbers = tally.numbers;
    let en = format!("{missed} of {numbers} numbers could not be read a second time: {}", en.join(", "));
    let zh = format!("{numbers} 个数字中有 {missed} 个无法再次读取：{}", zh.join("，"));
    (missed > 0).then(|| Finding::new(Code::SecondReadingIncomplete, Text::new(en, zh)))
}

/// A text on one line.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The reason in words, English and Chinese.
fn words(why: Why) -> (&'static str, &'static str) {
    match why {
        Why::NotAPage => ("are not on a page of a PDF", "不在 PDF 页面上"),
        Why::ReaderFailed => ("on pages that the other decoder cannot read", "所在页面另一解码程序无法读取"),
        Why::NoCharacters => ("where it finds no character", "所在位置未找到字符"),
        Why::Undecoded => ("with a glyph whose character it does not know", "含无法识别的字形"),
        Why::Disordered => ("whose characters lie on each other", "字符相互重叠"),
    }
}
