//! The bytes of a compound file (xls, encrypted office documents) in, its streams by name out.
//!
//! A chain of sectors is followed for no more steps than the file has sectors, so a stream is never larger than the
//! file. Streams are found by name: first among those of the file itself, then among those of what is embedded in it.

use crate::error::{Error, ErrorKind, Result};

const MAGIC: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// Sector numbers from here on are marks, not sectors.
const MARKS: u32 = 0xFFFF_FFFA;
const MINI: usize = 64;

/// Two bytes, little end first.
pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes))
}

/// Four bytes, little end first.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

/// A compound file.
pub(crate) struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    /// For each sector the one after it.
    next: Vec<u32>,
    /// The same for the small sectors within `mini`.
    mini_next: Vec<u32>,
    mini: Vec<u8>,
    cutoff: u64,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    is_stream: bool,
    /// Of the file itself, and of no storage in it.
    is_own: bool,
    start: u32,
    size: u64,
    /// The entries beside it and, for a storage, one of those in it.
    left: u32,
    right: u32,
    child: u32,
}

impl<'a> Compound<'a> {
    /// Whether the bytes begin as a compound file does.
    pub(crate) fn is(bytes: &[u8]) -> bool {
        bytes.starts_with(&MAGIC)
    }

    /// Reads the tables of sectors and the list of streams.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self> {
        let header = |at| u32_at(bytes, at).ok_or_else(|| damaged("header"));
        let sector = match u16_at(bytes, 30) {
            Some(9) if Self::is(bytes) => 512,
            Some(12) if Self::is(bytes) => 4096,
            _ => return Err(damaged("header")),
        };
        let mut file = Self {
            bytes,
            sector,
            next: Vec::new(),
            mini_next: Vec::new(),
            mini: Vec::new(),
            cutoff: u64::from(header(56)?),
            entries: Vec::new(),
        };
        file.next = file.table(header(68)?)?;
        let directory = file.chain(header(48)?, None)?;
        file.entries = directory.chunks_exact(128).map(entry).collect();
        own(&mut file.entries);
        let root = file.entries.first().ok_or_else(|| damaged("directory"))?;
        // Small sectors that a damaged table does not reach are missed by the stream that needs them, if any does.
        file.mini = file.chain(root.start, Some(root.size)).unwrap_or_default();
        let mini_table = file.chain(header(60)?, None).unwrap_or_default();
        file.mini_next = words(&mini_table).collect();
        Ok(file)
    }

    /// Whether there is a stream of that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The bytes of a stream; `None` when there is none of that name.
    pub(crate) fn stream(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let Some(entry) = self.find(name) else { return Ok(None) };
        if entry.size >= self.cutoff {
            return self.chain(entry.start, Some(entry.size)).map(Some);
        }
        let size = usize::try_from(entry.size).unwrap_or(usize::MAX);
        let sectors = |at: u32| self.mini.chunks(MINI).nth(at as usize);
        follow(entry.start, &self.mini_next, size, sectors).map(Some)
    }

    fn find(&self, name: &str) -> Option<&Entry> {
        let named = || self.entries.iter().filter(|entry| entry.is_stream && entry.name.eq_ignore_ascii_case(name));
        named().find(|entry| entry.is_own).or_else(|| named().next())
    }

    /// The table of next sectors, from the list of its own sectors in the header and in the chain at `extra`.
    fn table(&self, mut extra: u32) -> Result<Vec<u32>> {
        let mut list: Vec<u32> = words(self.bytes.get(76..512).ok_or_else(|| damaged("header"))?).collect();
        let most = self.bytes.len() / self.sector + 1;
        for _ in 0..most {
            if extra >= MARKS {
                break;
            }
            let Some(sector) = self.at(extra) else { return Err(damaged("sector table")) };
            list.extend(words(sector));
            extra = list.pop().unwrap_or(MARKS);
        }
        let sectors = list.into_iter().filter(|&at| at < MARKS).take(most);
        Ok(sectors.filter_map(|at| self.at(at)).flat_map(words).collect())
    }

    fn chain(&self, start: u32, size: Option<u64>) -> Result<Vec<u8>> {
        let size = size.map_or(usize::MAX, |size| usize::try_from(size).unwrap_or(usize::MAX));
        follow(start, &self.next, size, |at| self.at(at))
    }

    /// A sector; the last one of the file may be cut short.
    fn at(&self, sector: u32) -> Option<&'a [u8]> {
        let from = (sector as usize).checked_add(1)?.checked_mul(self.sector)?;
        let bytes = self.bytes.get(from..)?;
        Some(bytes.get(..self.sector).unwrap_or(bytes)).filter(|bytes| !bytes.is_empty())
    }
}

/// The sectors of a chain, up to `size` bytes where it is known.
fn follow<'b>(start: u32, next: &[u32], size: usize, sector: impl Fn(u32) -> Option<&'b [u8]>) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut at = start;
    for _ in 0..=next.len() {
        if at >= MARKS || bytes.len() >= size {
            bytes.truncate(size);
            let whole = size == usize::MAX || bytes.len() == size;
            return if whole { Ok(bytes) } else { Err(damaged("stream")) };
        }
        bytes.extend_from_slice(sector(at).ok_or_else(|| damaged("stream"))?);
        at = next.get(at as usize).copied().ok_or_else(|| damaged("stream"))?;
    }
    Err(damaged("circular stream"))
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes.chunks_exact(4).filter_map(|word| u32_at(word, 0))
}

/// An entry of the directory; one that is not used is no stream.
fn entry(bytes: &[u8]) -> Entry {
    let long = |at| u32_at(bytes, at).unwrap_or(u32::MAX);
    let length = u16_at(bytes, 64).map_or(0, usize::from).saturating_sub(2).min(62);
    let units: Vec<u16> = bytes.chunks_exact(2).take(length / 2).filter_map(|unit| u16_at(unit, 0)).collect();
    Entry {
        name: String::from_utf16_lossy(&units),
        is_stream: bytes.get(66) == Some(&2),
        is_own: false,
        start: long(116),
        // The upper half is not always zero where sectors are small, as it should be.
        size: u64::from(long(120)),
        left: long(68),
        right: long(72),
        child: long(76),
    }
}

/// Marks the entries that hang together with the child of the root, which is the first entry.
fn own(entries: &mut [Entry]) {
    let mut next: Vec<u32> = entries.first().map(|root| root.child).into_iter().collect();
    while let Some(at) = next.pop() {
        if let Some(entry) = entries.get_mut(at as usize).filter(|entry| !entry.is_own) {
            entry.is_own = true;
            next.extend([entry.left, entry.right]);
        }
    }
}

fn damaged(what: &str) -> Error {
    ErrorKind::Truncated { detail: format!("compound file: {what}") }.into()
}

/// Writes a compound file of one stream, padded to the 4,096 bytes below which a stream would be a small one.
#[cfg(feature = "sheet")]
pub(crate) fn pack(name: &str, stream: &[u8]) -> Vec<u8> {
    const SECTOR: usize = 4096;
    const LAST: u32 = u32::MAX - 1;
    let number = |count: usize| u32::try_from(count).unwrap_or(LAST);
    let sectors = stream.len().div_ceil(SECTOR).max(1);
    // Sectors of the table, the one of the directory, and those of the stream.
    let tables = (sectors + 1).div_ceil(SECTOR / 4 - 1);
    let (directory, first) = (number(tables), number(tables + 1));
    let mut file = MAGIC.to_vec();
    file.resize(24, 0);
    file.extend([62, 0, 3, 0, 0xFE, 0xFF, 12, 0, 6, 0]);
    file.resize(44, 0);
    let header = [number(tables), directory, 0, 4096, LAST, 0, LAST, 0];
    file.extend(header.into_iter().chain(0..directory).flat_map(u32::to_le_bytes));
    file.resize(SECTOR, 0xFF);
    let chain = (first + 1..first.saturating_add(number(sectors))).chain([LAST]);
    let table = (0..directory).map(|_| u32::MAX - 2).chain([LAST]).chain(chain);
    file.extend(table.flat_map(u32::to_le_bytes));
    file.resize(SECTOR * (1 + tables), 0xFF);
    for (name, kind, start, size) in [("Root Entry", 5, LAST, 0), (name, 2, first, stream.len().max(SECTOR))] {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).take(62).collect();
        let length = entry.len().to_le_bytes();
        entry.resize(64, 0);
        entry.extend([length[0] + 2, 0, kind, 1]);
        entry.resize(116, 0);
        entry.extend([start, number(size), 0].into_iter().flat_map(u32::to_le_bytes));
        file.extend(entry);
    }
    file.resize(SECTOR * (2 + tables), 0);
    file.extend(stream);
    file.resize(SECTOR * (2 + tables + sectors), 0);
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_found_and_whole() {
        let stream: Vec<u8> = (0..5_000_u32).map(|at| at.to_le_bytes()[0]).collect();
        let file = pack("Workbook", &stream);
        let compound = Compound::open(&file).unwrap();
        assert_eq!(compound.stream("workbook").unwrap().unwrap(), stream);
        assert!(!compound.has("EncryptedPackage"));
        assert_eq!(compound.stream("Book").unwrap(), None);
    }

    #[test]
    fn a_circular_or_cut_stream_is_an_error() {
        let mut file = pack("Workbook", &[7; 12_000]);
        assert!(Compound::open(&file[..14_000]).unwrap().stream("Workbook").is_err());
        // The third sector of the stream leads back to its first.
        file[4096 + 4 * 4..][..4].copy_from_slice(&2_u32.to_le_bytes());
        let cut = Compound::open(&file).unwrap().stream("Workbook");
        assert_eq!(cut.unwrap().unwrap(), [7; 12_000], "as many sectors as the size asks for");
        // So does the sector of the directory, which states no size.
        file[4096 + 4..][..4].copy_from_slice(&1_u32.to_le_bytes());
        assert_eq!(Compound::open(&file).err().unwrap().code(), "truncated");
        assert!(Compound::open(&file[..100]).is_err());
    }
}
