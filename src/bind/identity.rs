//! Who reports on which year: title, issuer, year and date of issue, as the document itself states them.

use super::label::Labeller;
use super::prose::Para;
use crate::number::fold;
use regex::Regex;
use std::sync::LazyLock;

/// What a report says of itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Identity {
    pub title: Option<String>,
    pub issuer: Option<String>,
    pub year: Option<i32>,
    pub issued_on: Option<String>,
}

/// A title line of such a report; the words before and after the year may be its issuer.
static TITLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?:附件[0-9]*[:：]?)?(?P<before>.*?)(?:(?P<year>(?:19|20)[0-9]{2}|二[〇零○Oo0一二三四五六七八九]{3})年?(?:度|年度)*)?(?P<after>[^年]*?)(?:的)?(?:政府|政务)?(?:信息公开|政务公开)(?:工作)?(?:年度)?(?:工作)?(?:情况)?(?:统计)?(?:年度)?(?:报告|年报|统计表)(?:[(（\[【].{0,12}[)）\]】])?$",
    )
    .ok()
});

static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"((?:19|20)[0-9]{2}|二[〇零○一二三四五六七八九]{3})[年./-]([[0-9]一二三四五六七八九十]{1,3})[月./-]([[0-9]一二三四五六七八九十]{1,3})日?").ok()
});

static DATED_LINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:(?:19|20)[0-9]{2}|二[〇零○一二三四五六七八九]{3})年[[0-9]一二三四五六七八九十]{1,3}月[[0-9]一二三四五六七八九十]{1,3}日$").ok()
});

static PUBLISHED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:发布日期|发文日期|发布时间|成文日期|公开日期|公开时间|填报日期)[:：]?((?:19|20)[0-9]{2}[年./-][0-9]{1,2}[月./-][0-9]{1,2}日?)").ok()
});

static PUBLISHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?:发布机构|信息来源|公开机构|填报单位(?:[(（]盖章[)）])?|编制单位|来源)[:：](?P<name>[\p{Han}（）()]{3,40})",
    )
    .ok()
});

static PERIOD: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:统计期限|数据|时间).{0,8}?((?:19|20)[0-9]{2})年1月1日").ok());

/// Words that end the name of an office.
const OFFICE: [&str; 34] = [
    "政府",
    "局",
    "委员会",
    "办公室",
    "办公厅",
    "厅",
    "院",
    "部",
    "署",
    "处",
    "所",
    "中心",
    "街道",
    "镇",
    "乡",
    "会",
    "支队",
    "大队",
    "总队",
    "公司",
    "银行",
    "社",
    "馆",
    "站",
    "办事处",
    "委",
    "办",
    "管委会",
    "海关",
    "学校",
    "大学",
    "学院",
    "医院",
    "社区",
];

/// Characters that end a place name to the left: 由淮安市…, 请与淮安市….
const BREAKS: &str = "由与和及请向在是对经从按据为被将以的至到自，。、；：（）()“”《》";

/// Reads the identity from the paragraphs of one report; `first_heading` is the index of its first chapter's heading.
pub(super) fn read(
    paras: &[Para],
    first_heading: Option<usize>,
    file_title: Option<&str>,
    labeller: &Labeller,
) -> Identity {
    let head = paras.get(..first_heading.unwrap_or(paras.len()).min(40)).unwrap_or(paras);
    let of_file = || parse(file_title?.split(['_', '|']).next()?, labeller);
    let found = title(head, labeller).or_else(of_file);
    let mut identity = Identity::default();
    if let Some(found) = found {
        identity.issuer = found.issuer.clone().or_else(|| above(head, found.first));
        identity.year = found.year;
        identity.title = Some(found.text);
    }
    let signed = signature(paras);
    if let Some((_, name)) = &signed
        && identity.issuer.is_none()
    {
        identity.issuer.clone_from(name);
    }
    if identity.issuer.is_none() {
        identity.issuer = capture(&PUBLISHER, paras, "name");
    }
    identity.issuer = identity.issuer.map(|name| fuller(&name, paras));
    identity.issued_on =
        signed.map(|(date, _)| date).or_else(|| paras.iter().find_map(|p| date_in(&PUBLISHED, &fold(&p.text))));
    if identity.year.is_none() {
        identity.year = paras.iter().find_map(|p| period(&fold(&p.text)));
    }
    identity
}

/// Whether the text is a title of such a report.
pub(super) fn is_title(text: &str, labeller: &Labeller) -> bool {
    parse(text, labeller).is_some()
}

struct Title {
    text: String,
    issuer: Option<String>,
    year: Option<i32>,
    /// Index of its first paragraph.
    first: usize,
}

/// The title: one line, or up to three that make one together. A title with a year beats one without.
fn title(head: &[Para], labeller: &Labeller) -> Option<Title> {
    let mut best: Option<Title> = None;
    for lines in 1..=3 {
        for (first, window) in head.windows(lines).enumerate() {
            let text: Vec<&str> = window.iter().map(|p| p.text.as_str()).collect();
            let Some(mut found) = parse(&text.concat(), labeller) else { continue };
            found.first = first;
            let better = best.as_ref().is_none_or(|b| b.year.is_none() && found.year.is_some());
            if better {
                best = Some(found);
            }
        }
        if best.as_ref().is_some_and(|b| b.year.is_some()) {
            break;
        }
    }
    best
}

fn parse(text: &str, labeller: &Labeller) -> Option<Title> {
    let printed = fold(text);
    // Traditional characters are as long as their simplified forms, so that a range is the same in both.
    let folded = labeller.fold(text);
    if folded.chars().count() > 60 || folded.contains(['>', '。', ';', '《']) {
        return None;
    }
    let captures = TITLE.as_ref()?.captures(&folded)?;
    let name = |group: &str| {
        let range = captures.name(group)?.range();
        let text = printed.get(range.clone()).or_else(|| folded.get(range))?;
        office(text.trim_start_matches("关于").trim_matches(['-', '—', '_', ' ', ':', '·', '关', '于']))
    };
    let year = captures.name("year").and_then(|y| parse_year(y.as_str()));
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(Title { text, issuer: name("before").or_else(|| name("after")), year, first: 0 })
}

fn office(text: &str) -> Option<String> {
    let plausible =
        text.chars().count() >= 3 && OFFICE.iter().any(|end| text.ends_with(end)) && !text.contains([',', ':']);
    plausible.then(|| text.to_owned())
}

/// The issuer on the line or lines above the title.
fn above(head: &[Para], first: usize) -> Option<String> {
    let line = fold(&head.get(first.checked_sub(1)?)?.text);
    if line.chars().count() <= 40 && !line.contains(['>', '。', ':']) { office(&line) } else { None }
}

/// Date and name at the end of a report: the last line that is nothing but a date, and the office above it.
fn signature(paras: &[Para]) -> Option<(String, Option<String>)> {
    let dated = DATED_LINE.as_ref()?;
    let at = paras.iter().rposition(|p| dated.is_match(&fold(&p.text)))?;
    let date = date_in(&DATE, &fold(&paras.get(at)?.text))?;
    let name = at.checked_sub(1).and_then(|i| office(&fold(&paras.get(i)?.text)));
    Some((date, name.filter(|n| n.chars().count() <= 40)))
}

/// The name with the place that the text itself prints before it: 淮安市 for 洪泽区人民政府.
fn fuller(name: &str, paras: &[Para]) -> String {
    let place = paras.iter().find_map(|p| {
        let text = fold(&p.text);
        let before: Vec<char> = text.get(..text.find(name)?)?.chars().collect();
        let start = before.iter().rposition(|c| BREAKS.contains(*c) || !is_han(*c)).map_or(0, |i| i + 1);
        let place: String = before.get(start..)?.iter().collect();
        let is_place =
            (3..=8).contains(&place.chars().count()) && place.ends_with(['省', '市', '州', '盟', '区', '县']);
        is_place.then_some(place)
    });
    place.unwrap_or_default() + name
}

fn is_han(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

fn capture(pattern: &LazyLock<Option<Regex>>, paras: &[Para], group: &str) -> Option<String> {
    let pattern = pattern.as_ref()?;
    paras.iter().find_map(|p| Some(pattern.captures(&fold(&p.text))?.name(group)?.as_str().to_owned()))
}

fn period(text: &str) -> Option<i32> {
    PERIOD.as_ref()?.captures(text)?.get(1)?.as_str().parse().ok()
}

/// The first date of the text, as ISO 8601.
fn date_in(pattern: &LazyLock<Option<Regex>>, text: &str) -> Option<String> {
    let found = pattern.as_ref()?.find(text)?.as_str();
    let captures = DATE.as_ref()?.captures(found)?;
    let part = |i: usize| captures.get(i).map(|m| m.as_str());
    let (year, month, day) = (parse_year(part(1)?)?, parse_small(part(2)?)?, parse_small(part(3)?)?);
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

fn parse_year(text: &str) -> Option<i32> {
    if let Ok(year) = text.parse() {
        return Some(year);
    }
    let digits: Option<String> = text
        .chars()
        .map(|c| match c {
            '零' | '○' | 'O' | 'o' | '0' => Some('0'),
            c => super::label::chinese_digit(c).and_then(|d| char::from_digit(d, 10)),
        })
        .collect();
    digits?.parse().ok()
}

/// Days and months in either kind of digit, up to 三十一.
fn parse_small(text: &str) -> Option<u32> {
    if let Ok(value) = text.parse() {
        return Some(value);
    }
    let mut value = 0;
    for c in text.chars() {
        match super::label::chinese_digit(c)? {
            10 => value = value.max(1) * 10,
            d => value += d,
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::Place;

    fn paras(lines: &[&str]) -> Vec<Para> {
        let para = |(item, text): (usize, &&str)| Para {
            text: (*text).to_owned(),
            place: Place::Paragraph { paragraph: 1 },
            item,
            heading: false,
            centred: false,
        };
        lines.iter().enumerate().map(para).collect()
    }

    fn who(lines: &[&str]) -> (Option<String>, Option<i32>, Option<String>) {
        let identity = read(&paras(lines), None, None, &Labeller::new());
        (identity.issuer, identity.year, identity.issued_on)
    }

    #[test]
    fn titles_as_they_are_printed() {
        let expect = |issuer: &str, year| (Some(issuer.to_owned()), Some(year), None);
        assert_eq!(who(&["青禾县人民政府 2023 年政府信息公开工作年度报告"]), expect("青禾县人民政府", 2023));
        assert_eq!(who(&["青禾县财政局", "2022 年度政务信息公开工作年度报告"]), expect("青禾县财政局", 2022));
        assert_eq!(who(&["2021年青禾县水利局政府信息公开年度报告"]), expect("青禾县水利局", 2021));
        assert_eq!(
            who(&["青禾县白石镇人民政府2024年政府信息公开", "工作年度报告"]),
            expect("青禾县白石镇人民政府", 2024)
        );
        assert_eq!(who(&["青禾县教育局二〇二二年政府信息公开年报"]), expect("青禾县教育局", 2022));
    }

    #[test]
    fn a_title_in_traditional_characters_keeps_its_name_as_printed() {
        let lines = ["青禾縣人民政府2024年政府信息公開工作年度報告"];
        assert_eq!(who(&lines), (Some("青禾縣人民政府".into()), Some(2024), None));
    }

    #[test]
    fn the_signature_gives_date_and_a_missing_name() {
        let lines = ["2023年政府信息公开工作年度报告", "一、总体情况", "青禾县公安局", "2024年1月9日"];
        assert_eq!(who(&lines), (Some("青禾县公安局".into()), Some(2023), Some("2024-01-09".into())));
    }

    #[test]
    fn the_place_before_the_name_is_kept() {
        let lines = ["青禾区人民政府", "2023年政府信息公开工作年度报告", "本报告由临川市青禾区人民政府办公室编制。"];
        assert_eq!(who(&lines).0, Some("临川市青禾区人民政府".into()));
    }

    #[test]
    fn paths_and_sentences_are_no_titles() {
        let is_title = |text| is_title(text, &Labeller::new());
        assert!(!is_title("当前位置：首页 > 政府信息公开 > 政府信息公开年报"));
        assert!(!is_title("现公布2023年政府信息公开工作年度报告。"));
    }
}
