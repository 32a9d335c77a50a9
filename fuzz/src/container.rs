//! Packages (zip and compound files) apart and together again, so that what they hold can be changed: a change of
//! deflated bytes only breaks their checksum. Members are stored, not deflated.

use crate::mutate::Dice;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Larger members are left out: they make a run slow and find nothing more.
const LARGEST: u64 = 1 << 20;

const STREAMS: [&str; 6] = ["/Workbook", "/Book", "/WordDocument", "/0Table", "/1Table", "/Data"];

type Members = Vec<(String, Vec<u8>)>;

/// The package with one of its members changed; `None` where the bytes are no package that can be taken apart.
pub fn change(bytes: &[u8], dice: &mut Dice, change: impl FnOnce(&mut Vec<u8>, &mut Dice)) -> Option<Vec<u8>> {
    let zipped = bytes.starts_with(b"PK");
    let mut members = if zipped { unzip(bytes) } else { streams(bytes) }?;
    // Mostly one of the large ones: they hold what is read.
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(members[at].1.len()));
    let among = if dice.below(4) > 0 { order.len().min(3) } else { order.len() };
    let at = *order.get(dice.below(among))?;
    change(&mut members[at].1, dice);
    if zipped { zip(&members) } else { compound(&members) }
}

fn unzip(bytes: &[u8]) -> Option<Members> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut members = Members::new();
    for at in 0..archive.len() {
        let Ok(member) = archive.by_index(at) else { continue };
        let Ok(name) = member.name().map(|name| name.into_owned()) else { continue };
        let mut data = Vec::new();
        if member.take(LARGEST).read_to_end(&mut data).is_ok() && !members.iter().any(|(other, _)| *other == name) {
            members.push((name, data));
        }
    }
    Some(members).filter(|members| !members.is_empty())
}

fn zip(members: &Members) -> Option<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, data) in members {
        archive.start_file(name.as_str(), stored).ok()?;
        archive.write_all(data).ok()?;
    }
    Some(archive.finish().ok()?.into_inner())
}

/// The streams of a compound file that a workbook or a text is read from.
fn streams(bytes: &[u8]) -> Option<Members> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).ok()?;
    let paths: Vec<String> = file
        .walk()
        .filter(|entry| entry.is_stream() && entry.len() <= LARGEST)
        .map(|entry| entry.path().to_string_lossy().into_owned())
        .filter(|path| STREAMS.contains(&path.as_str()))
        .collect();
    let mut members = Members::new();
    for path in paths {
        let mut data = Vec::new();
        file.open_stream(&path).ok()?.read_to_end(&mut data).ok()?;
        members.push((path, data));
    }
    Some(members).filter(|members| !members.is_empty())
}

fn compound(members: &Members) -> Option<Vec<u8>> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).ok()?;
    for (path, data) in members {
        file.create_stream(path).ok()?.write_all(data).ok()?;
    }
    Some(file.into_inner().into_inner())
}
