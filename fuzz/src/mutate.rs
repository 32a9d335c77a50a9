//! Mutations that libFuzzer does not know: of what is packed inside a package, of numbers as they are written, and of
//! whole elements. All of them are drawn from the seed that it gives, so that a run can be repeated.

use crate::container;
use libfuzzer_sys::fuzzer_mutate;

/// Numbers at which counts, indices and sizes go wrong.
const NUMBERS: [&str; 16] = [
    "0",
    "1",
    "-1",
    "2",
    "255",
    "256",
    "1000",
    "32768",
    "65535",
    "65536",
    "1048577",
    "16777216",
    "2147483648",
    "4294967295",
    "99999999999999999999",
    "1e308",
];
/// No mutated member of a package grows by more than this at a time.
const ROOM: usize = 4096;

/// Changes the first `size` bytes of `data` and gives their new number, at most `max_size`.
///
/// Of a package one member is changed, seven times in eight; else the package as it is packed, which is what tries the
/// reading of packages.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut dice = Dice(u64::from(seed) | 1 << 40);
    let max_size = max_size.min(data.len());
    let inside = dice.below(8) > 0;
    let packed = data.get(..size).filter(|_| inside);
    let changed = packed
        .and_then(|bytes| container::change(bytes, &mut dice, |member, dice| vary(member, member.len() + ROOM, dice)));
    let changed = changed.or_else(|| {
        let mut bytes = data.get(..size)?.to_vec();
        vary(&mut bytes, max_size, &mut dice);
        Some(bytes)
    });
    match changed.filter(|bytes| bytes.len() <= max_size) {
        Some(bytes) => {
            data[..bytes.len()].copy_from_slice(&bytes);
            bytes.len()
        }
        None => fuzzer_mutate(data, size, max_size),
    }
}

/// One mutation of plain bytes, to at most `most` of them.
fn vary(bytes: &mut Vec<u8>, most: usize, dice: &mut Dice) {
    let done = match dice.below(8) {
        0 | 1 => renumber(bytes, dice),
        2 => repeat(bytes, dice),
        _ => false,
    };
    if !done || bytes.len() > most {
        let size = bytes.len().min(most);
        bytes.resize(most.max(1), 0);
        let size = fuzzer_mutate(bytes, size, most.max(1));
        bytes.truncate(size);
    }
}

/// Puts another number in the place of one that is written in digits.
fn renumber(bytes: &mut Vec<u8>, dice: &mut Dice) -> bool {
    let from = dice.below(bytes.len());
    let Some(start) = bytes.iter().skip(from).position(u8::is_ascii_digit).map(|at| from + at) else { return false };
    let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = NUMBERS[dice.below(NUMBERS.len())];
    bytes.splice(start..start + length, number.bytes());
    true
}

/// Copies a stretch that begins with `<` and ends with `>`, or a whole line, to another place of its kind.
fn repeat(bytes: &mut Vec<u8>, dice: &mut Dice) -> bool {
    let ends: &[u8] = if bytes.contains(&b'<') { b">" } else { b"\n" };
    let next = |from: usize| bytes.iter().skip(from).position(|byte| ends.contains(byte)).map(|at| from + at + 1);
    let from = next(dice.below(bytes.len()));
    let to = from.and_then(|from| next(from + dice.below(400)));
    let into = next(dice.below(bytes.len()));
    let (Some(from), Some(to), Some(into)) = (from, to, into) else { return false };
    let piece = bytes[from..to].to_vec();
    bytes.splice(into..into, piece);
    true
}

/// Numbers from a seed (SplitMix64).
pub struct Dice(u64);

impl Dice {
    /// A number below `sides`; 0 where there are none.
    pub fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % sides.max(1) as u64) as usize
    }
}
