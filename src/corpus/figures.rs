//! The cells of a report in few bytes: status, trust and number of each, without their names. A printed zero takes one
//! byte, a count two to four. Names are kept once for all reports that have the same cells.

use crate::emit::{Cell, CellStatus, Certainty};
use crate::number::Number;

/// What one cell says, as far as reports are compared by it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Figure {
    /// What kind of thing is printed.
    pub(super) status: CellStatus,
    /// How far the reading of it goes.
    pub(super) trust: Trust,
    /// The number, if it is one.
    pub(super) value: Option<Number>,
}

/// How far a figure can be relied on as the figure of its cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trust {
    /// Proved or plainly read.
    Sure,
    /// Its place rests on position alone, or it was chosen among readings.
    Weak,
    /// Not to be relied on.
    Doubtful,
}

/// In this order they are numbered in a cell's first byte.
const STATUSES: [CellStatus; 6] = [
    CellStatus::Number,
    CellStatus::Blank,
    CellStatus::Mark,
    CellStatus::Text,
    CellStatus::Unreadable,
    CellStatus::Absent,
];
const TRUSTS: [Trust; 3] = [Trust::Sure, Trust::Weak, Trust::Doubtful];

/// Bits of a cell's first byte: three of status, two of trust, then these.
const STATUS: u8 = 0b111;
const TRUST_SHIFT: u8 = 3;
const HAS_VALUE: u8 = 0b10_0000;
const HAS_SCALE: u8 = 0b100_0000;
const IS_ZERO: u8 = 0b1000_0000;

impl Figure {
    /// A cell that the document does not have.
    pub(super) const ABSENT: Self = Self { status: CellStatus::Absent, trust: Trust::Sure, value: None };

    /// What the cell says.
    pub(super) fn of(cell: &Cell) -> Self {
        let trust = match cell.certainty {
            Certainty::Proved | Certainty::Read => Trust::Sure,
            Certainty::Position | Certainty::Repaired => Trust::Weak,
            Certainty::Doubtful => Trust::Doubtful,
        };
        Self { status: cell.status, trust, value: cell.value.map(|value| value.0) }
    }

    /// Whether both say the same, however sure they are of it.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        (self.status, self.value) == (other.status, other.value)
    }

    /// Whether it is a number other than 0.
    pub(super) fn counts(&self) -> bool {
        self.value.is_some_and(|value| !value.is_zero())
    }

    fn pack(&self, onto: &mut Vec<u8>) {
        let number = |of: usize| u8::try_from(of).unwrap_or_default();
        let status = number(STATUSES.iter().position(|s| *s == self.status).unwrap_or_default());
        let trust = number(TRUSTS.iter().position(|t| *t == self.trust).unwrap_or_default());
        let mut tag = status | trust << TRUST_SHIFT;
        let Some(value) = self.value else { return onto.push(tag) };
        tag |= HAS_VALUE;
        let scale = number(value.scale() as usize);
        if value.mantissa() == 0 && scale == 0 {
            return onto.push(tag | IS_ZERO);
        }
        onto.push(if scale > 0 { tag | HAS_SCALE } else { tag });
        if scale > 0 {
            onto.push(scale);
        }
        // Zigzag: small numbers of either sign take few bytes.
        let mut rest = (value.mantissa() << 1 ^ value.mantissa() >> 127).cast_unsigned();
        while rest >= 0x80 {
            onto.push((rest & 0x7F) as u8 | 0x80);
            rest >>= 7;
        }
        onto.push((rest & 0x7F) as u8);
    }

    fn unpack(bytes: &mut impl Iterator<Item = u8>) -> Option<Self> {
        let tag = bytes.next()?;
        let status = *STATUSES.get(usize::from(tag & STATUS))?;
        let trust = *TRUSTS.get(usize::from(tag >> TRUST_SHIFT & 0b11))?;
        if tag & HAS_VALUE == 0 {
            return Some(Self { status, trust, value: None });
        }
        if tag & IS_ZERO != 0 {
            return Some(Self { status, trust, value: Some(Number::ZERO) });
        }
        let scale = if tag & HAS_SCALE == 0 { 0 } else { bytes.next()? };
        let (mut packed, mut shift) = (0_u128, 0);
        loop {
            let byte = bytes.next()?;
            packed |= u128::from(byte & 0x7F).checked_shl(shift)?;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let mantissa = (packed >> 1).cast_signed() ^ -((packed & 1).cast_signed());
        let value = Number::try_from_i128_with_scale(mantissa, u32::from(scale)).ok()?;
        Some(Self { status, trust, value: Some(value) })
    }
}

/// Figures in a row, packed.
pub(super) fn pack(figures: impl Iterator<Item = Figure>) -> Box<[u8]> {
    let mut bytes = Vec::new();
    for figure in figures {
        figure.pack(&mut bytes);
    }
    bytes.into_boxed_slice()
}

/// The figures again, in the same order.
pub(super) fn unpack(bytes: &[u8]) -> impl Iterator<Item = Figure> + '_ {
    let mut bytes = bytes.iter().copied();
    std::iter::from_fn(move || Figure::unpack(&mut bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number;

    #[test]
    fn figures_come_out_as_they_went_in() {
        let texts = ["0", "0.00", "7", "-76", "20.50", "11398889", "9007199254740993.123", "-0.0001", "127", "128"];
        let mut figures: Vec<Figure> = texts
            .iter()
            .map(|text| Figure { status: CellStatus::Number, trust: Trust::Weak, value: number::parse(text) })
            .collect();
        figures.extend(STATUSES.map(|status| Figure { status, trust: Trust::Doubtful, value: None }));
        let largest = [Number::MAX, Number::MIN];
        figures.extend(largest.map(|value| Figure {
            status: CellStatus::Number,
            trust: Trust::Sure,
            value: Some(value),
        }));
        let bytes = pack(figures.iter().copied());
        let again: Vec<Figure> = unpack(&bytes).collect();
        assert_eq!(again, figures);
        let digits = |figures: &[Figure]| figures.iter().map(|f| f.value.map(|v| v.to_string())).collect::<Vec<_>>();
        assert_eq!(digits(&again), digits(&figures));
    }

    #[test]
    fn a_zero_takes_one_byte_and_a_count_few() {
        let size = |text: &str| {
            let figure = Figure { status: CellStatus::Number, trust: Trust::Sure, value: number::parse(text) };
            pack(std::iter::once(figure)).len()
        };
        assert_eq!([size("0"), size("63"), size("3000"), size("20.5")], [1, 2, 3, 4]);
    }
}
