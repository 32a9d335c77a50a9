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
    /// The user stopped it.
    #[cfg(feature = "batch")]
    Interrupted,
}

impl Exit {
    /// Keeps the worse of the two.
    pub(crate) fn worsen(&mut self, other: Self) {
        *self = (*self).max(other);
    }
}

impl Exit {
    /// As the shell sees it.
    pub(crate) fn code<N: From<u8>>(self) -> N {
        N::from(match self {
            Self::Fine => 0,
            Self::Findings => 1,
            Self::Failed => 2,
            #[cfg(feature = "batch")]
            Self::Interrupted => 130,
        })
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code()
    }
}
