//! Checks in, the one line that sums them up out: `ties 40/42`.

use super::report::{Check, Verdict};
use crate::check;
use crate::text::Lang;
use std::collections::BTreeMap;

/// How the ties of a report came out, a tie counted once whatever its modes. Soft ties are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// All ties.
    pub all: usize,
    /// Those that hold, if need be with blanks as 0.
    pub hold: usize,
    /// Those of `hold` that hold only with blanks as 0.
    pub blank: usize,
    /// Those that do not hold.
    pub fail: usize,
}

impl Tally {
    /// Counts.
    pub fn of(checks: &[check::Check]) -> Self {
        let ties = checks.iter().filter(|check| !check.soft);
        Self::count(ties.map(|check| (check.id.as_str(), check.verdict.into())))
    }

    /// Counts checks that were written out.
    pub fn of_wire(checks: &[Check]) -> Self {
        let ties = checks.iter().filter(|check| !check.soft);
        Self::count(ties.map(|check| (check.id.as_str(), check.verdict)))
    }

    fn count<'a>(ties: impl Iterator<Item = (&'a str, Verdict)>) -> Self {
        let mut by_id = BTreeMap::<&str, Vec<Verdict>>::new();
        for (id, verdict) in ties {
            by_id.entry(id).or_default().push(verdict);
        }
        let mut tally = Self { all: by_id.len(), ..Self::default() };
        for verdicts in by_id.values() {
            if verdicts.contains(&Verdict::Fail) {
                tally.fail += 1;
            } else if verdicts.contains(&Verdict::Pass) {
                tally.hold += 1;
                tally.blank += usize::from(verdicts.contains(&Verdict::NotEvaluable));
            }
        }
        tally
    }

    /// Those that could not be evaluated, which is never a pass.
    pub fn unchecked(self) -> usize {
        self.all - self.hold - self.fail
    }

    /// In words: `ties 40/42 (3 if blanks are 0), 1 fails, 1 not checked`.
    pub fn line(self, lang: Lang) -> String {
        let Self { all, hold, blank, fail } = self;
        let unchecked = self.unchecked();
        let parts = match lang {
            Lang::En => [
                (1, format!("ties {hold}/{all}")),
                (blank, format!(" ({blank} if blanks are 0)")),
                (fail, format!(", {fail} {}", if fail == 1 { "fails" } else { "fail" })),
                (unchecked, format!(", {unchecked} not checked")),
            ],
            Lang::Zh => [
                (1, format!("勾稽 {hold}/{all}")),
                (blank, format!("（其中 {blank} 项将空格计为 0）")),
                (fail, format!("，{fail} 项不成立")),
                (unchecked, format!("，{unchecked} 项无法核对")),
            ],
        };
        parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Check, Mode, Verdict};

    fn check(id: &str, mode: Mode, verdict: Verdict, soft: bool) -> Check {
        Check {
            id: id.into(),
            rule: String::new(),
            table: String::new(),
            mode,
            verdict,
            left: None,
            right: None,
            left_cells: Vec::new(),
            right_cells: Vec::new(),
            soft,
        }
    }

    #[test]
    fn counts_a_tie_once_and_never_an_unchecked_one_as_held() {
        let checks = [
            check("a", Mode::Strict, Verdict::Pass, false),
            check("a", Mode::BlankAsZero, Verdict::Pass, false),
            check("b", Mode::Strict, Verdict::NotEvaluable, false),
            check("b", Mode::BlankAsZero, Verdict::Pass, false),
            check("c", Mode::Strict, Verdict::NotEvaluable, false),
            check("d", Mode::BlankAsZero, Verdict::Fail, false),
            check("e", Mode::Strict, Verdict::Fail, true),
        ];
        let tally = Tally::of(&checks);
        assert_eq!(tally, Tally { all: 4, hold: 2, blank: 1, fail: 1 });
        assert_eq!(tally.line(Lang::En), "ties 2/4 (1 if blanks are 0), 1 fails, 1 not checked");
    }
}
