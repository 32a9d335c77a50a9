//! The first bytes of encoded images in, the pixels that they promise out: decoders make room for these before they see that
//! nothing follows. Nothing is decoded here.

fn number(bytes: &[u8], at: usize) -> Option<u64> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u64::from(u32::from_be_bytes(four.try_into().ok()?)))
}

/// The largest page or region of a JBIG2 stream (ITU-T T.88, 7.2): of each segment its kind, and of pages and regions
/// their width and height, which come first in their data.
pub(crate) fn jbig2(data: &[u8]) -> u64 {
    let mut largest = 0;
    let mut at = 0;
    while let Some(segment) = Segment::read(data, at) {
        let is_sized = segment.kind == 48 || (4..=43).contains(&segment.kind) && segment.kind != 16;
        if is_sized && let (Some(width), Some(height)) = (number(data, segment.data), number(data, segment.data + 4)) {
            // A page may leave its height open; strips tell it later.
            let height = if height == u64::from(u32::MAX) { 0 } else { height };
            largest = largest.max(width.saturating_mul(height));
        }
        let Some(next) = usize::try_from(segment.length).ok().and_then(|l| segment.data.checked_add(l)) else { break };
        at = next;
    }
    largest
}

/// The head of a JBIG2 segment.
struct Segment {
    kind: u8,
    /// Where its data begin.
    data: usize,
    length: u64,
}

impl Segment {
    fn read(bytes: &[u8], at: usize) -> Option<Self> {
        let own = number(bytes, at)?;
        let flags = *bytes.get(at + 4)?;
        let count = *bytes.get(at + 5)? >> 5;
        // A short count of references has its flags in the same byte, a long one in bytes of their own.
        let (references, behind) = if count == 7 {
            let many = number(bytes, at + 5)? & 0x1FFF_FFFF;
            (many, at + 9 + usize::try_from(many / 8 + 1).ok()?)
        } else {
            (u64::from(count), at + 6)
        };
        let each = if own <= 256 {
            1
        } else if own <= 65_536 {
            2
        } else {
            4
        };
        let page = if flags & 0x40 == 0 { 1 } else { 4 };
        let length = behind.checked_add(usize::try_from(references.checked_mul(each)?).ok()?)?.checked_add(page)?;
        Some(Self { kind: flags & 0x3F, data: length.checked_add(4)?, length: number(bytes, length)? })
    }
}

/// The size of a JPEG 2000 picture, from the segment SIZ of its codestream (ITU-T T.800, A.5.1).
pub(crate) fn jpx(data: &[u8]) -> u64 {
    let size = |at: usize| Some(number(data, at + 8)?.saturating_mul(number(data, at + 12)?));
    let starts = data.windows(4).enumerate().filter(|(_, w)| *w == [0xFF, 0x4F, 0xFF, 0x51]);
    starts.filter_map(|(at, _)| size(at)).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_codestream_tells_its_size() {
        let mut data = vec![1, 2, 0xFF, 0x4F, 0xFF, 0x51, 0, 41, 0, 0];
        data.extend([0, 0, 1, 0, 0, 0, 2, 0]);
        assert_eq!(jpx(&data), 256 * 512);
        assert_eq!(jpx(&data[..12]), 0);
    }

    #[test]
    fn pages_and_regions_tell_their_size_wherever_they_stand() {
        let segment = |number: u32, kind: u8, data: &[u8]| {
            let length = u32::try_from(data.len()).unwrap();
            [&number.to_be_bytes()[..], &[kind, 0, 1], &length.to_be_bytes(), data].concat()
        };
        let sized = |width: u32, height: u32| [width.to_be_bytes(), height.to_be_bytes(), [0; 4], [0; 4]].concat();
        let data =
            [segment(0, 0, b"a dictionary"), segment(1, 48, &sized(100, 200)), segment(2, 38, &sized(70, 900_000))];
        assert_eq!(jbig2(&data.concat()), 70 * 900_000);
        assert_eq!(jbig2(&data.concat()[..40]), 0);
        assert_eq!(jbig2(&[0xFF; 64]), 0);
    }
}
