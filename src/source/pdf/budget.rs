//! Unpacks streams within what the limits allow: a few kilobytes may claim to be gigabytes.

use crate::error::{ErrorKind, Result};
use flate2::read::ZlibDecoder;
use hayro_syntax::Filter;
use hayro_syntax::object::Stream;
use std::borrow::Cow;
use std::cell::Cell;
use std::io::Read;

/// Bytes that may still be unpacked.
#[derive(Debug)]
pub(super) struct Budget {
    limit: u64,
    left: Cell<u64>,
}

impl Budget {
    pub(super) fn new(limit: u64) -> Self {
        Self { limit, left: Cell::new(limit) }
    }

    /// The unpacked bytes of a stream that is no image; `None` when they are damaged.
    pub(super) fn unpack<'a>(&self, stream: &Stream<'a>) -> Result<Option<Cow<'a, [u8]>>> {
        self.admit(stream)?;
        let Ok(data) = stream.decoded_data() else { return Ok(None) };
        self.charge(data.len() as u64)?;
        Ok(Some(data))
    }

    /// Refuses a stream that may unpack to more than is left.
    pub(super) fn admit(&self, stream: &Stream<'_>) -> Result<()> {
        let raw = stream.raw_data();
        let filters = stream.filters();
        let most = filters.iter().fold(raw.len() as u64, |size, filter| size.saturating_mul(growth(*filter)));
        if most <= self.left.get() {
            return Ok(());
        }
        // Only the plain case is worth measuring; a large stream behind several filters is no report's.
        if filters.as_slice() == [Filter::FlateDecode] { self.fits(&raw) } else { Err(self.spent()) }
    }

    /// Whether `packed` bytes fit however well they are packed, once.
    pub(super) fn covers(&self, packed: usize) -> bool {
        (packed as u64).saturating_mul(growth(Filter::FlateDecode)) <= self.left.get()
    }

    /// Inflates to nowhere, to see whether the result fits.
    pub(super) fn fits(&self, zlib: &[u8]) -> Result<()> {
        let size = inflated(zlib, self.left.get());
        if size > self.left.get() { Err(self.spent()) } else { Ok(()) }
    }

    /// Takes `bytes` off what is left.
    pub(super) fn charge(&self, bytes: u64) -> Result<()> {
        let left = self.left.get().checked_sub(bytes).ok_or_else(|| self.spent())?;
        self.left.set(left);
        Ok(())
    }

    pub(super) fn spent(&self) -> crate::error::Error {
        ErrorKind::Limit { what: "unpacked-bytes", limit: self.limit }.into()
    }
}

/// How many bytes `zlib` inflates to, counted to just over `most`.
fn inflated(zlib: &[u8], most: u64) -> u64 {
    let mut out = ZlibDecoder::new(zlib).take(most.saturating_add(1));
    let mut buffer = [0; 16 << 10];
    let mut size = 0;
    while let Ok(n @ 1..) = out.read(&mut buffer) {
        size += n as u64;
    }
    size
}

/// The most bytes that a filter can make of one.
fn growth(filter: Filter) -> u64 {
    match filter {
        Filter::FlateDecode => 1032,
        // A code of 12 bits may stand for a string of 4,096 bytes.
        Filter::LzwDecode => 2731,
        Filter::RunLengthDecode => 64,
        Filter::Ascii85Decode => 4,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::ZlibEncoder};
    use std::io::Write;

    #[test]
    fn counts_no_further_than_asked() {
        let mut zip = ZlibEncoder::new(Vec::new(), Compression::best());
        zip.write_all(&vec![b' '; 1 << 20]).unwrap();
        let bomb = zip.finish().unwrap();
        assert_eq!(inflated(&bomb, 1 << 21), 1 << 20);
        assert_eq!(inflated(&bomb, 1000), 1001);
        assert!(Budget::new(1000).fits(&bomb).is_err());
    }

    #[test]
    fn charges_add_up() {
        let budget = Budget::new(100);
        assert!(budget.charge(60).is_ok());
        assert!(budget.charge(41).is_err());
        assert!(budget.charge(40).is_ok());
    }
}
