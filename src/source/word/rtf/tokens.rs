//! The bytes of an rtf file in, groups, control words and text out. What the words mean is not known here.

/// A piece of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Open,
    Close,
    /// A control word and its number.
    Word(&'a str, Option<i32>),
    /// A control symbol.
    Symbol(u8),
    /// A byte of text, written as its number or marked as no control.
    Byte(u8),
    /// Bytes of text as they are.
    Text(&'a [u8]),
}

/// Reads the pieces in their order.
pub(super) struct Tokens<'a> {
    rest: &'a [u8],
}

impl<'a> Tokens<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The first `count` bytes of the rest, which are passed over.
    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at_checked(count).unwrap_or((self.rest, &[]));
        self.rest = rest;
        taken
    }

    /// What stands behind a backslash.
    fn control(&mut self) -> Option<Token<'a>> {
        let letters = self.rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        if letters == 0 {
            let symbol = *self.take(1).first()?;
            match symbol {
                b'\'' => {}
                b'\\' | b'{' | b'}' => return Some(Token::Byte(symbol)),
                _ => return Some(Token::Symbol(symbol)),
            }
            let digits = std::str::from_utf8(self.take(2)).unwrap_or_default();
            // Without two digits it says nothing.
            return Some(u8::from_str_radix(digits, 16).map_or(Token::Symbol(symbol), Token::Byte));
        }
        let word = std::str::from_utf8(self.take(letters)).unwrap_or_default();
        let sign = usize::from(self.rest.first() == Some(&b'-'));
        let digits = self.rest.iter().skip(sign).take_while(|byte| byte.is_ascii_digit()).count();
        // Numbers that are too large say nothing.
        let number = (digits > 0).then(|| std::str::from_utf8(self.take(sign + digits)).ok()?.parse().ok()).flatten();
        self.take(usize::from(self.rest.first() == Some(&b' ')));
        if word == "bin" {
            self.take(number.and_then(|number: i32| usize::try_from(number).ok()).unwrap_or(0));
        }
        Some(Token::Word(word, number))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let is_plain = |byte: &u8| !matches!(byte, b'{' | b'}' | b'\\' | b'\r' | b'\n');
        loop {
            return Some(match *self.rest.first()? {
                b'{' => {
                    self.take(1);
                    Token::Open
                }
                b'}' => {
                    self.take(1);
                    Token::Close
                }
                b'\\' => {
                    self.take(1);
                    self.control()?
                }
                b'\r' | b'\n' => {
                    self.take(1);
                    continue;
                }
                _ => Token::Text(self.take(self.rest.iter().take_while(|byte| is_plain(byte)).count())),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_told_apart() {
        let bytes = b"{\\rtf1\\u-3913 ?a\r\nb\\'d6\\~\\bin3 }}}\\par}";
        let tokens: Vec<_> = Tokens::new(bytes).collect();
        let expected = [
            Token::Open,
            Token::Word("rtf", Some(1)),
            Token::Word("u", Some(-3913)),
            Token::Text(b"?a"),
            Token::Text(b"b"),
            Token::Byte(0xD6),
            Token::Symbol(b'~'),
            Token::Word("bin", Some(3)),
            Token::Word("par", None),
            Token::Close,
        ];
        assert_eq!(tokens, expected);
    }

    #[test]
    fn nothing_runs_past_the_end() {
        for bytes in [&b"\\"[..], b"\\'", b"\\'d", b"\\bin99999 x", b"\\u99999999999999999999"] {
            assert!(Tokens::new(bytes).count() <= 1);
        }
    }
}
