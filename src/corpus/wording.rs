//! The prose of a report in, what of it is compared with other reports out: a sketch of its wording, the sentences that
//! explain a difference, and the years it says it is about.
//!
//! The sketch holds the smallest hashes of the text's shingles (runs of six characters; every number counts as `0`, so
//! that a copy with new figures is still a copy). Two sketches give the share of one text's shingles that stand in the
//! other: exactly, while neither text has more shingles than a sketch holds; for longer ones with a standard error of at
//! most 1/(2√n), which is 4.4 points for the 128 hashes of a full sketch.

use crate::form::Form;
use crate::number::fold;

/// Characters of a shingle.
const SHINGLE: usize = 6;

/// Hashes of a sketch at most.
const SKETCH: usize = 128;

/// Fewer shingles than this say nothing about copying: one usual sentence is all there is.
const TELLING: usize = 40;

/// A kept sentence is not longer than this; the rest of it is left out.
const SENTENCE: usize = 300;

/// The smallest hashes of a text's shingles, ascending.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Sketch(Box<[u32]>);

impl Sketch {
    /// The sketch of a text.
    pub(super) fn of<'a>(paragraphs: impl Iterator<Item = &'a str>) -> Self {
        let mut hashes = Vec::new();
        for paragraph in paragraphs {
            let characters = without_numbers(&fold(paragraph));
            hashes.extend(characters.windows(SHINGLE).map(hash));
        }
        hashes.sort_unstable();
        hashes.dedup();
        hashes.truncate(SKETCH);
        Self(hashes.into_boxed_slice())
    }

    /// How many in a hundred of this text's shingles stand in the other; `None` where either is too short to tell.
    pub(super) fn share_in(&self, other: &Self) -> Option<u8> {
        if self.0.len() < TELLING || other.0.len() < TELLING {
            return None;
        }
        // Up to this hash both texts are known in full.
        let full = |sketch: &Self| sketch.0.last().copied().filter(|_| sketch.0.len() == SKETCH);
        let known = full(self).into_iter().chain(full(other)).min().unwrap_or(u32::MAX);
        let own = self.0.iter().filter(|hash| **hash <= known);
        let (all, common) = own.fold((0_usize, 0_usize), |(all, common), hash| {
            (all + 1, common + usize::from(other.0.binary_search(hash).is_ok()))
        });
        u8::try_from((common * 100).checked_div(all)?).ok()
    }

    /// Its bytes of memory.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.0)
    }
}

/// The characters of a folded text, each run of digits as one `0`.
fn without_numbers(folded: &str) -> Vec<char> {
    let digits = |c: char| if c.is_ascii_digit() { '0' } else { c };
    let mut characters: Vec<char> = folded.chars().map(digits).collect();
    characters.dedup_by(|a, b| *a == '0' && *b == '0');
    characters
}

/// FNV-1a over the characters, then mixed so that the order of hashes tells nothing about the text.
fn hash(shingle: &[char]) -> u32 {
    let fnv = shingle
        .iter()
        .fold(0xCBF2_9CE4_8422_2325_u64, |hash, c| (hash ^ u64::from(u32::from(*c))).wrapping_mul(0x0100_0000_01B3));
    let mixed = (fnv ^ fnv >> 31).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 32) as u32
}

/// A sentence that explains why ties of some rules do not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Note {
    /// The rules.
    pub(super) rules: Vec<String>,
    /// The sentence as printed.
    pub(super) sentence: Box<str>,
}

/// A sentence that says which year the report is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Period {
    /// The year.
    pub(super) year: i32,
    /// The sentence as printed.
    pub(super) sentence: Box<str>,
}

/// What the prose says about differences and about the period, as the forms word it.
pub(super) fn statements(text: &str, forms: &[&Form]) -> (Vec<Note>, Vec<Period>) {
    let (mut notes, mut periods) = (Vec::new(), Vec::new());
    for printed in text.split_inclusive(['。', '；', '！', '？', ';', '\n']).map(str::trim).filter(|s| !s.is_empty())
    {
        let folded = fold(printed);
        let sentence = || printed.chars().take(SENTENCE).collect::<String>().into_boxed_str();
        let saying = forms.iter().flat_map(|form| &form.across.explanations).filter(|e| e.says(&folded));
        let mut rules: Vec<String> = saying.flat_map(|explanation| explanation.rules.iter().cloned()).collect();
        rules.sort();
        rules.dedup();
        if !rules.is_empty() {
            notes.push(Note { rules, sentence: sentence() });
        }
        let patterns = forms.iter().flat_map(|form| &form.across.periods).filter_map(|pattern| pattern.regex());
        let stated = patterns.filter_map(|regex| regex.captures(&folded)?.name("year")?.as_str().parse().ok());
        if let Some(year) = stated.into_iter().next() {
            periods.push(Period { year, sentence: sentence() });
        }
    }
    (notes, periods)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Library;

    const TEXT: &str =
        "2023年，本机关按照条例要求做好政府信息公开工作，及时更新主动公开内容，依法办理公开申请，共收到申请12件。";

    fn sketch(text: &str) -> Sketch {
        Sketch::of(text.lines())
    }

    #[test]
    fn a_copy_with_new_figures_is_a_copy() {
        let next = TEXT.replace("2023", "2024").replace("12件", "137件");
        assert_eq!(sketch(&next).share_in(&sketch(TEXT)), Some(100));
    }

    #[test]
    fn a_text_that_grew_still_holds_the_old_one() {
        let more =
            "我们还新办了培训班，组织各科室学习案例，邀请专家讲解如何区分处理，建立台账并逐件复核答复书的格式与内容。";
        let long = format!("{TEXT}\n{more}");
        assert_eq!(sketch(TEXT).share_in(&sketch(&long)), Some(100));
        let back = sketch(&long).share_in(&sketch(TEXT)).unwrap();
        assert!((40..60).contains(&back), "{back}");
        assert_eq!(sketch(more).share_in(&sketch(TEXT)), Some(0));
    }

    #[test]
    fn a_short_text_says_nothing() {
        assert_eq!(sketch("本年度未收取信息处理费。").share_in(&sketch(TEXT)), None);
    }

    #[test]
    fn the_share_of_long_texts_is_near_the_truth() {
        // Sentences of numbered words; 700 of 1000 are common to both.
        let word = |n: u32| char::from_u32(0x4E00 + n * 17 % 9000).unwrap();
        let text = |from: u32| -> String { (from..from + 1000).flat_map(|n| [word(n), word(n * 7)]).collect() };
        let share = sketch(&text(0)).share_in(&sketch(&text(300))).unwrap();
        assert!((57..=83).contains(&share), "{share}: three standard errors from 70");
    }

    #[test]
    fn only_statements_of_the_period_count() {
        let library = Library::builtin().unwrap();
        let forms = [library.form("cn.foi-annual/2021").unwrap()];
        let years = |text: &str| statements(text, &forms).1.iter().map(|p| p.year).collect::<Vec<_>>();
        assert_eq!(years("本报告所列数据的统计期限自2020年1月1日起，至12月31日止。"), [2020]);
        assert_eq!(years("依据《关于做好2023年政府信息公开工作年度报告编制的通知》编制。"), [2023]);
        let others = "与2022年相比增长5%。按国办公开办函〔2021〕30号办理。上年结转3件。2025年将加强审核。\
            1月转发《关于做好2022年政府信息公开工作年度报告编制工作的通知》。";
        assert_eq!(years(others), [0; 0]);
    }

    #[test]
    fn an_explanation_is_told_from_a_plain_count() {
        let library = Library::builtin().unwrap();
        let forms = [library.form("cn.foi-annual/2021").unwrap()];
        let rules = |text: &str| statements(text, &forms).0.into_iter().flat_map(|n| n.rules).collect::<Vec<_>>();
        let restated = "因2023年度对规章和规范性文件开展了清理，现行有效件数根据清理结果进行了调整，以本年度报告为准。";
        assert_eq!(rules(restated), ["in_force"]);
        assert_eq!(rules("注：新收数量含上年度结转数量。"), ["carry_over"]);
        assert_eq!(rules("注：行政复议、行政诉讼数量含上年度结转数量。"), [""; 0]);
        assert_eq!(rules("答复3050件（含上年度结转申请34件，另有103件顺延到下年度答复）。"), [""; 0]);
        assert_eq!(rules("对规范性文件进行了清理。"), [""; 0]);
    }
}
