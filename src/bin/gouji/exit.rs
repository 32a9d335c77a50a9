//! What the exit code says. Of several inputs the worst wins.

use std::process::ExitCode;

/// How a run ended, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Exit {
    /// Read, and every check that could run holds.
    #[default]
    Fine,
    /// Read, with findings of severity error.
    Findings,
    /// Something could not be read or written, or was asked for wrongly.
    Failed,
}

impl Exit {
    /// Keeps the worse of the two.
    pub(crate) fn worsen(&mut self, other: Self) {
        *self = (*self).max(other);
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::Findings => 1,
            Exit::Failed => 2,
        })
    }
}
