//! Opens the file: passwords, damaged files, and bombs among the streams that the library unpacks by itself.

use super::budget::Budget;
use crate::error::{ErrorKind, Result};
use crate::source::Options;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use regex::bytes::Regex;
use std::sync::LazyLock;

#[expect(clippy::unwrap_used, reason = "constant patterns")]
static EAGER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?-u)ObjStm|/XRef").unwrap());
#[expect(clippy::unwrap_used, reason = "constant patterns")]
static STREAM: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?-u)stream\r?\n").unwrap());
#[expect(clippy::unwrap_used, reason = "constant patterns")]
static PACKED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?-u)/(Fl|LZW|RunLength|RL)").unwrap());

/// Between the type of a stream and its data there is no more than this of its dictionary.
const DICTIONARY: usize = 4096;

/// Opens a document that has at least one page.
pub(super) fn open(bytes: &[u8], options: &Options, budget: &Budget) -> Result<Pdf> {
    bombs(bytes, budget)?;
    match load(bytes, options) {
        Ok(pdf) if !pdf.pages().is_empty() => Ok(pdf),
        Err(Failure::Encrypted(error)) => Err(error),
        _ => {
            let mended = rescue(bytes, options)?;
            match load(&mended, options) {
                Ok(pdf) if !pdf.pages().is_empty() => Ok(pdf),
                _ => Err(damaged("no page was found")),
            }
        }
    }
}

enum Failure {
    Encrypted(crate::error::Error),
    Damaged,
}

fn load(bytes: &[u8], options: &Options) -> Result<Pdf, Failure> {
    let mut opened = Pdf::new(bytes.to_vec());
    if let (Err(LoadPdfError::Decryption(_)), Some(password)) = (&opened, &options.password) {
        opened = Pdf::new_with_password(bytes.to_vec(), password);
    }
    opened.map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::UnsupportedAlgorithm) => {
            let detail = "unknown encryption".to_owned();
            Failure::Encrypted(ErrorKind::Reader { format: "pdf", detail }.into())
        }
        LoadPdfError::Decryption(_) => {
            Failure::Encrypted(ErrorKind::Encrypted { wrong_password: options.password.is_some() }.into())
        }
        LoadPdfError::Invalid => Failure::Damaged,
    })
}

/// Has the second library read the file and write it anew.
fn rescue(bytes: &[u8], options: &Options) -> Result<Vec<u8>> {
    let most = usize::try_from(options.limits.unpacked_bytes).unwrap_or(usize::MAX);
    let load = lopdf::LoadOptions {
        password: options.password.clone(),
        max_decompressed_size: Some(most),
        ..lopdf::LoadOptions::default()
    };
    let mut document = lopdf::Document::load_mem_with_options(bytes, load).map_err(|e| damaged(&e.to_string()))?;
    let mut mended = Vec::new();
    document.save_to(&mut mended).map_err(|e| damaged(&e.to_string()))?;
    Ok(mended)
}

fn damaged(detail: &str) -> crate::error::Error {
    ErrorKind::Truncated { detail: detail.to_owned() }.into()
}

/// Refuses a file whose object and cross-reference streams unpack to more than is allowed: the library unpacks them
/// while it opens the file, without asking.
fn bombs(bytes: &[u8], budget: &Budget) -> Result<()> {
    let harmless = budget.covers(bytes.len());
    for found in EAGER.find_iter(bytes) {
        let rest = bytes.get(found.end()..).unwrap_or_default();
        let near = rest.get(..DICTIONARY).unwrap_or(rest);
        let Some(start) = STREAM.find(near) else { continue };
        let before = found.start().saturating_sub(DICTIONARY);
        let head = bytes.get(before..found.end() + start.start()).unwrap_or_default();
        let head = head.rsplitn(2, |b| *b == b'j').next().unwrap_or(head);
        if PACKED.find_iter(head).count() > 1 {
            return Err(budget.spent());
        }
        if !harmless {
            budget.fits(rest.get(start.end()..).unwrap_or_default())?;
        }
    }
    Ok(())
}
