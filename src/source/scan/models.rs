//! The models that read pictures of text: files that the user installed in, two networks and an alphabet out.
//!
//! They are PP-OCRv6 (small), Apache-2.0, by the `PaddleOCR` authors, as packed in the wheel `rapidocr` of the Python package
//! index. gouji carries none and fetches none. What is not byte for byte these files is not run.

use crate::error::{ErrorKind, Result};
use crate::text::Text;
use rten::{Model, ModelOptions};
use sha2::{Digest, Sha256};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A file that is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelFile {
    /// Its name, in the folder and in the wheel.
    pub name: &'static str,
    /// Its SHA-256, in hexadecimal.
    pub sha256: &'static str,
    /// Its size in bytes.
    pub bytes: u64,
}

/// Finds lines of text.
pub const DETECTION: ModelFile = ModelFile {
    name: "PP-OCRv6_det_small.onnx",
    sha256: "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    bytes: 9_929_594,
};

/// Reads a line.
pub const RECOGNITION: ModelFile = ModelFile {
    name: "PP-OCRv6_rec_small.onnx",
    sha256: "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    bytes: 21_234_383,
};

/// The models in a folder; loaded when first needed.
pub struct Models {
    folder: PathBuf,
    loaded: OnceLock<std::result::Result<Networks, Text>>,
}

/// Both networks, ready to run.
pub(super) struct Networks {
    pub(super) detection: Model,
    pub(super) recognition: Model,
    /// Characters by class; class 0 is none.
    pub(super) alphabet: Vec<char>,
}

impl fmt::Debug for Models {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Models").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Models {
    /// The models in a folder, if both files are there.
    #[must_use]
    pub fn find(folder: &Path) -> Option<Self> {
        let there = |file: ModelFile| folder.join(file.name).is_file();
        (there(DETECTION) && there(RECOGNITION)).then(|| Self { folder: folder.to_owned(), loaded: OnceLock::new() })
    }

    /// The networks.
    pub(super) fn networks(&self) -> Result<&Networks> {
        let loaded = self.loaded.get_or_init(|| Networks::load(&self.folder));
        loaded.as_ref().map_err(|detail| ErrorKind::Models { detail: detail.clone() }.into())
    }
}

impl Networks {
    fn load(folder: &Path) -> std::result::Result<Self, Text> {
        let bytes = |file: ModelFile| {
            let path = folder.join(file.name);
            let at = path.display();
            let failed = |error| Text::new(format!("{at}: {error}"), format!("{at}：{error}"));
            let bytes = std::fs::read(&path).map_err(failed)?;
            let foreign = || Text::new(format!("{at} is not the file it should be"), format!("{at} 并非应有的文件"));
            if is_genuine(&bytes, file) { Ok(bytes) } else { Err(foreign()) }
        };
        let model = |file: ModelFile, bytes: Vec<u8>| {
            let failed = |error| Text::new(format!("{}: {error}", file.name), format!("{}：{error}", file.name));
            ModelOptions::with_all_ops().load(bytes).map_err(failed)
        };
        let recognition = bytes(RECOGNITION)?;
        let alphabet = alphabet(&recognition)
            .ok_or_else(|| Text::new("the model does not say which characters it knows", "模型未说明其所识别的字符"))?;
        Ok(Self {
            detection: model(DETECTION, bytes(DETECTION)?)?,
            recognition: model(RECOGNITION, recognition)?,
            alphabet,
        })
    }
}

/// Whether bytes are those of the file.
#[must_use]
pub fn is_genuine(bytes: &[u8], file: ModelFile) -> bool {
    let stated = file.sha256.as_bytes().chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok());
    Sha256::digest(bytes).iter().map(|byte| Some(*byte)).eq(stated)
}

/// The characters of the recogniser: one a line in the entry `character` of the file's metadata. The runtime reads the
/// graph only, so that the entry is looked up here: field 14 of an ONNX model, pairs of key (1) and value (2).
fn alphabet(model: &[u8]) -> Option<Vec<char>> {
    let entries = Fields { bytes: model }.filter(|(field, _)| *field == 14).map(|(_, entry)| entry);
    let mut values = entries.filter_map(|entry| {
        let part = |wanted| Fields { bytes: entry }.find(|(field, _)| *field == wanted).map(|(_, bytes)| bytes);
        (part(1)? == b"character").then(|| part(2)).flatten()
    });
    let text = std::str::from_utf8(values.next()?).ok()?;
    // None, those listed, and a blank.
    let listed = text.split('\n').map(|line| line.trim_end_matches('\r').chars().next().unwrap_or(' '));
    Some(std::iter::once('\0').chain(listed).chain(std::iter::once(' ')).collect())
}

/// The length-delimited fields of a protobuf message: number and content.
struct Fields<'a> {
    bytes: &'a [u8],
}

impl<'a> Fields<'a> {
    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(usize::try_from(length).ok()?)?;
        self.bytes = rest;
        Some(taken)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (u64, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let tag = self.varint()?;
            match tag & 7 {
                0 => {
                    self.varint()?;
                }
                1 => {
                    self.take(8)?;
                }
                2 => {
                    let length = self.varint()?;
                    return Some((tag >> 3, self.take(length)?));
                }
                5 => {
                    self.take(4)?;
                }
                _ => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2, u8::try_from(bytes.len()).unwrap()], bytes].concat()
    }

    #[test]
    fn the_alphabet_is_found_among_the_metadata() {
        let entry =
            |key: &str, value: &str| field(14, &[field(1, key.as_bytes()), field(2, value.as_bytes())].concat());
        let model = [vec![8, 9], entry("shape", "48"), entry("character", "零\n一\r\n二")].concat();
        assert_eq!(alphabet(&model).unwrap(), ['\0', '零', '一', '二', ' ']);
        assert_eq!(alphabet(&entry("shape", "48")), None);
        assert_eq!(alphabet(&[0x72, 0xFF, 0xFF]), None);
    }

    #[test]
    fn other_bytes_are_not_the_model() {
        assert!(!is_genuine(b"not a model", DETECTION));
        assert!(Models::find(Path::new("fixtures")).is_none());
    }
}
