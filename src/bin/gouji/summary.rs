//! `gouji summary DIR`: one page about a dataset, with links to the inputs that are still where they were.

use crate::run::{Session, Stop, finish};
use gouji::dataset::{Failure, Folder};
use gouji::summary;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Writes the page.
pub(crate) fn run(dataset: &Path, session: &mut Session) -> Result<(), Stop> {
    let folder = Folder::new(dataset);
    if !folder.is_dataset() {
        return Err(Stop::Misuse(
            format!("{} holds no whole dataset", dataset.display()),
            "give the folder that `gouji batch --out` wrote; if it was stopped, run it again".into(),
        ));
    }
    // Links are relative to the page, so that page and inputs can be moved together; on stdout there is no place to start from.
    let base = session.out.target().and_then(|file| {
        let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::canonicalize(parent).ok()
    });
    let link = |input: &str| {
        let file = fs::canonicalize(input).ok().filter(|file| file.is_file())?;
        Some(address(&relative(&file, base.as_deref()?)))
    };
    let page = summary::page(&folder, session.talk.lang, &link).map_err(|failure| match failure {
        Failure::Io(error) => Stop::Output(error),
        other => Stop::Output(io::Error::other(other)),
    })?;
    finish(session, &page)
}

/// The way from the folder `base` to `file`, both absolute.
fn relative(file: &Path, base: &Path) -> PathBuf {
    let shared = file.components().zip(base.components()).take_while(|(one, two)| one == two).count();
    let up = base.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(file.components().skip(shared)).collect()
}

/// A relative path as an address: everything that could mean something else is escaped.
fn address(path: &Path) -> String {
    let mut address = String::new();
    for byte in path.to_string_lossy().replace('\\', "/").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => address.push(byte.into()),
            // Writing to a string cannot fail.
            _ => drop(write!(address, "%{byte:02X}")),
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_from_the_page_to_the_input() {
        let way = relative(Path::new("/a/年报/x y.pdf"), Path::new("/a/out"));
        assert_eq!(address(&way), "../%E5%B9%B4%E6%8A%A5/x%20y.pdf");
    }
}
