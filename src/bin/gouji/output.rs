//! Where data goes: stdout, or a file that is written whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Stdout, Write};
use std::path::{Path, PathBuf};

/// The stream for data.
#[derive(Debug)]
pub(crate) enum Output {
    /// Standard output.
    Stdout(BufWriter<Stdout>),
    /// A pipe or device, which has no whole to wait for.
    Stream(BufWriter<File>),
    /// A new file beside the target, renamed over it at the end.
    File {
        /// The writer; `None` once it is finished.
        writer: Option<BufWriter<File>>,
        /// The file that is written.
        partial: PathBuf,
        /// What it will be called.
        target: PathBuf,
    },
}

impl Output {
    /// Opens the target, or stdout.
    pub(crate) fn open(target: Option<&Path>) -> io::Result<Self> {
        let Some(target) = target else {
            return Ok(Self::Stdout(BufWriter::new(io::stdout())));
        };
        // Behind a link the file itself is replaced, not the link.
        let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
        let there = fs::metadata(&target).ok();
        if there.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(ErrorKind::IsADirectory.into());
        }
        if there.as_ref().is_some_and(|there| !there.is_file()) {
            return Ok(Self::Stream(BufWriter::new(OpenOptions::new().write(true).open(&target)?)));
        }
        let name = target.file_name().ok_or(ErrorKind::InvalidInput)?;
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.partial", std::process::id()));
        let partial = target.with_file_name(hidden);
        let file = OpenOptions::new().write(true).create_new(true).open(&partial)?;
        let output = Self::File { writer: Some(BufWriter::new(file)), partial: partial.clone(), target };
        if let Some(there) = there {
            fs::set_permissions(&partial, there.permissions())?;
        }
        Ok(output)
    }

    /// The file that is written, absolute where it was there before.
    #[cfg(feature = "batch")]
    pub(crate) fn target(&self) -> Option<&Path> {
        if let Self::File { target, .. } = self { Some(target) } else { None }
    }

    /// Adds to the data.
    pub(crate) fn write(&mut self, text: &str) -> io::Result<()> {
        self.write_bytes(text.as_bytes())
    }

    /// Adds to the data what is no text.
    pub(crate) fn write_bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Stdout(writer) => writer.write_all(bytes),
            Self::Stream(writer) => writer.write_all(bytes),
            Self::File { writer, .. } => writer.as_mut().map_or(Ok(()), |writer| writer.write_all(bytes)),
        }
    }

    /// Puts on the disk what was written so far, so that nothing but the name is left to fail.
    #[cfg(feature = "ocr")]
    pub(crate) fn sync(&mut self) -> io::Result<()> {
        if let Self::File { writer: Some(writer), .. } = self {
            writer.flush()?;
            return writer.get_ref().sync_all();
        }
        self.flush()
    }

    /// Hands on what was written so far, so that a reader of the pipe sees each report when it is done.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(writer) => writer.flush(),
            Self::Stream(writer) => writer.flush(),
            Self::File { .. } => Ok(()),
        }
    }

    /// Ends the data; a file gets its name only now.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        if let Self::File { writer, partial, target } = self
            && let Some(mut writer) = writer.take()
        {
            let done = writer.flush().and_then(|()| fs::rename(&*partial, &*target));
            return done.inspect_err(|_| drop(fs::remove_file(&*partial)));
        }
        self.flush()
    }
}

impl Drop for Output {
    /// An output that was not finished leaves nothing behind.
    fn drop(&mut self) {
        if let Self::File { writer: Some(_), partial, .. } = self {
            let _ = fs::remove_file(partial);
        }
    }
}
