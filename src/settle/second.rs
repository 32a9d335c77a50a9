//! What came of reading a number again by another decoder. The reading itself is done elsewhere.

/// What the second reading of a cell came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Second {
    /// The other decoder gives the same figures.
    Same,
    /// It gives others.
    Differs {
        /// The characters that it gives.
        text: String,
    },
    /// It could not read them, which is no agreement.
    NotPossible(Why),
}

/// Why a number could not be read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The number does not stand on a page of a PDF.
    NotAPage,
    /// The other decoder could not read the file or the page.
    ReaderFailed,
    /// It finds no character in the number's box.
    NoCharacters,
    /// It finds a glyph there of which it cannot say which character it is.
    Undecoded,
    /// The characters lie on each other or run different ways, so that their order is not certain.
    Disordered,
}

impl Why {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::NotAPage, Self::ReaderFailed, Self::NoCharacters, Self::Undecoded, Self::Disordered];

    /// The reason of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.name() == name)
    }

    /// The reason as printed.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotAPage => "not-a-page",
            Self::ReaderFailed => "reader-failed",
            Self::NoCharacters => "no-characters",
            Self::Undecoded => "undecoded",
            Self::Disordered => "disordered",
        }
    }
}
