//! A content stream in, the stretches between its inline images out.
//!
//! The library finds the end of an inline image by trying one end after the other against all that follows, so that a
//! page of one kilobyte can keep it busy for minutes. It gets no inline image to see: they are cut out here, in one
//! pass. What they show is not looked at, nor is it known where the data of a damaged one ends.

/// What follows the data of an image must read as content this far.
const AHEAD: usize = 128;

/// Every operator of a content stream.
const OPERATORS: [&[u8]; 73] = [
    b"\"", b"'", b"B", b"B*", b"BDC", b"BI", b"BMC", b"BT", b"BX", b"CS", b"DP", b"Do", b"EI", b"EMC", b"ET", b"EX",
    b"F", b"G", b"ID", b"J", b"K", b"M", b"MP", b"Q", b"RG", b"S", b"SC", b"SCN", b"T*", b"TD", b"TJ", b"TL", b"Tc",
    b"Td", b"Tf", b"Tj", b"Tm", b"Tr", b"Ts", b"Tw", b"Tz", b"W", b"W*", b"b", b"b*", b"c", b"cm", b"cs", b"d", b"d0",
    b"d1", b"f", b"f*", b"g", b"gs", b"h", b"i", b"j", b"k", b"l", b"m", b"n", b"q", b"re", b"rg", b"ri", b"s", b"sc",
    b"scn", b"sh", b"v", b"w", b"y",
];

/// The stretches of operators in `content`, each with whether an inline image follows it.
pub(super) fn stretches(content: &[u8]) -> impl Iterator<Item = (&[u8], bool)> {
    let mut rest = Some(content);
    // Once the data of an image has no end, that of a later one has none.
    let mut endless = false;
    std::iter::from_fn(move || {
        let content = rest?;
        let Some((stretch, behind)) = next_image(content) else {
            rest = None;
            return Some((content, false));
        };
        let data = dictionary(behind).filter(|_| !endless);
        let after = data.and_then(after_data);
        endless |= data.is_some() && after.is_none();
        // A stray operator, or the start of an image without an end, is left out alone.
        rest = Some(after.or(data).unwrap_or(behind));
        Some((stretch, after.is_some()))
    })
}

/// What stands before the next `BI`, and behind it.
fn next_image(content: &[u8]) -> Option<(&[u8], &[u8])> {
    // Most content has no image, and is told so several times faster than it is taken apart.
    content.windows(2).find(|pair| *pair == b"BI")?;
    let behind = tokens(content).find_map(|(token, behind)| (token == b"BI").then_some(behind))?;
    Some((content.get(..content.len() - behind.len() - 2)?, behind))
}

/// What follows the dictionary of an image and the white space behind its `ID`.
fn dictionary(content: &[u8]) -> Option<&[u8]> {
    let mut keywords = tokens(content).filter(|(token, _)| matches!(*token, b"ID" | b"BI" | b"EI"));
    let (token, behind) = keywords.next()?;
    let (space, data) = behind.split_first()?;
    (token == b"ID" && is_white(*space)).then_some(data)
}

/// What follows the first `EI` that ends the data: one before white space and something that reads as content.
fn after_data(data: &[u8]) -> Option<&[u8]> {
    let mut rest = data;
    loop {
        let at = rest.windows(2).position(|pair| pair == b"EI")?;
        let behind = rest.get(at + 2..)?;
        rest = match beyond_content(behind) {
            // An end before this point would have the same things behind it.
            Some(stray) => stray,
            None => return Some(behind),
        };
    }
}

/// What begins with, or comes behind, the first thing near by that cannot follow an image; `None` if nothing is wrong.
fn beyond_content(content: &[u8]) -> Option<&[u8]> {
    let next = content.iter().find(|byte| !is_white(**byte));
    if content.first().is_some_and(|byte| !is_white(*byte)) || next.is_some_and(|byte| b"()<>[]{}".contains(byte)) {
        return Some(content);
    }
    let near = content.get(..AHEAD).unwrap_or(content);
    for (token, behind) in tokens(near) {
        // The last one may be cut; another image brings data of its own.
        if (behind.is_empty() && near.len() < content.len()) || token == b"BI" {
            break;
        }
        let operand = matches!(token, b"true" | b"false" | b"null")
            || token.iter().all(|byte| byte.is_ascii_digit() || b"+-.".contains(byte));
        // The digits of a string in hexadecimal.
        let digits = behind.first() == Some(&b'>') && token.iter().all(u8::is_ascii_hexdigit);
        if !operand && !digits && OPERATORS.binary_search(&token).is_err() {
            return content.get(near.len() - behind.len()..);
        }
    }
    None
}

/// The words of content that are no names and stand in no string or comment, each with what follows it.
fn tokens(content: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = content;
    std::iter::from_fn(move || {
        loop {
            let first = *rest.first()?;
            let length = match first {
                b'%' => rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len()),
                b'(' => string(rest),
                b'/' => 1 + word(rest.get(1..)?),
                _ => word(rest),
            };
            let (token, behind) = rest.split_at_checked(length.max(1))?;
            rest = behind;
            if length > 0 && !matches!(first, b'%' | b'(' | b'/') {
                return Some((token, behind));
            }
        }
    })
}

/// The length of the word that bytes begin with.
fn word(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| is_white(*byte) || b"()<>[]{}/%".contains(byte)).unwrap_or(bytes.len())
}

/// The length of the string in round brackets that bytes begin with.
fn string(bytes: &[u8]) -> usize {
    let (mut depth, mut escaped) = (0_usize, false);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'(' => depth += 1,
            b')' if depth == 1 => return at + 1,
            b')' => depth -= 1,
            _ => {}
        }
    }
    bytes.len()
}

fn is_white(byte: u8) -> bool {
    matches!(byte, b'\0' | b'\t' | b'\n' | b'\x0C' | b'\r' | b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The stretches, `|` in the place of each image and `,` of each thing else that was cut out.
    fn parted(content: &[u8]) -> String {
        let told = stretches(content)
            .map(|(stretch, image)| String::from_utf8_lossy(stretch).trim().to_owned() + if image { "|" } else { "," });
        told.collect()
    }

    #[test]
    fn the_operators_are_sorted() {
        assert!(OPERATORS.is_sorted());
    }

    #[test]
    fn images_are_cut_out() {
        assert_eq!(parted(b"q Q"), "q Q,");
        assert_eq!(parted(b"q BI /W 1 /H 1 ID x EI Q"), "q|Q,");
        assert_eq!(parted(b"q BI/W 1/CS[/Indexed/RGB 1(ID )]ID\n\x80\x81EI\nQ BI ID EI"), "q|Q|,");
        assert_eq!(parted(b"(BI ID x EI) Tj % BI ID\n/BI Do"), "(BI ID x EI) Tj % BI ID\n/BI Do,");
    }

    #[test]
    fn data_may_hold_what_looks_like_its_end() {
        assert_eq!(parted(b"BI ID \x80 EI \x90 EI\nQ"), "|Q,", "binary data");
        assert_eq!(parted(b"BI /F/A85 ID 5sb>EI\n7fWK) q~> EI\nq /\xCB\xCE\xCC\xE5 9 Tf <8A> Tj (\x80) Tj"), {
            "|q /\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD} 9 Tf <8A> Tj (\u{FFFD}) Tj,"
        });
        let long = [b"BI ID x EI ".as_slice(), &b"12345 ".repeat(99), b"\x80"].concat();
        assert!(parted(&long).starts_with('|'), "no further than one looks");
    }

    #[test]
    fn damaged_images_cost_only_themselves() {
        assert_eq!(parted(b"q BI Q"), "q,Q,");
        assert_eq!(parted(b"q BI /W 1 BI ID x EI Q"), "q,/W 1|Q,");
        assert_eq!(parted(b"q BI /W 1 ID xx Q BI ID yy Q"), "q,xx Q,ID yy Q,");
    }

    #[test]
    fn many_images_without_an_end_take_no_time() {
        for piece in [&b"BI ID "[..], b"BI ID EI (", b"BI ID EI \x80", b"EI BI ID ( "] {
            assert!(stretches(&piece.repeat(1 << 20)).count() > 0);
        }
    }
}
