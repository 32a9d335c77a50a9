//! `gouji models`: a package that the user fetched in, the files that read pictures out, in the folder where they are
//! looked for. Nothing is fetched here, and no file is written that is not the one gouji was measured with.

use crate::args::ModelsAction;
use crate::exit::Exit;
use crate::output::Output;
use crate::run::{Session, Stop, finish, on_reading_thread, read_bytes};
use crate::settings;
use crate::talk::clean;
use gouji::error::GET_MODELS;
use gouji::limits::Limits;
use gouji::source::{DETECTION, ModelFile, RECOGNITION, is_genuine};
use gouji::text::Text;
use gouji::{ErrorKind, Lang, Result};
use std::fmt::{Display, Write as _};
use std::fs::{self, File};
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use zip::ZipArchive;

/// The files that are needed.
const MODELS: [ModelFile; 2] = [DETECTION, RECOGNITION];

/// What a package says of the copyright and the licence of its models.
const NOTICE: &str = "MODEL_LICENSES.md";
/// A longer one is none.
const NOTICE_BYTES: u64 = 1 << 20;

/// Does what was asked about models.
pub(crate) fn run(action: &ModelsAction, session: &mut Session) -> std::result::Result<(), Stop> {
    match action {
        ModelsAction::Install { from, models } => {
            install(from, &folder(models.as_deref(), session.talk.lang)?, session)
        }
        ModelsAction::Status { models } => {
            let folder = folder(models.as_deref(), session.talk.lang)?;
            let chosen = models.as_ref().map(|folder| format!(" --models {}", folder.display())).unwrap_or_default();
            status(&folder, &chosen, session)
        }
    }
}

/// The folder that is meant.
fn folder(chosen: Option<&Path>, lang: Lang) -> std::result::Result<PathBuf, Stop> {
    settings::models_folder(chosen).ok_or_else(|| {
        misuse(
            &Text::new("there is no home folder, where models are installed to", "没有可供安装模型的用户主目录"),
            &Text::new("give a folder with --models", "请用 --models 给出文件夹"),
            lang,
        )
    })
}

fn misuse(what: &Text, help: &Text, lang: Lang) -> Stop {
    Stop::Misuse(what.get(lang).to_owned(), help.get(lang).to_owned())
}

fn install(from: &Path, to: &Path, session: &Session) -> std::result::Result<(), Stop> {
    let lang = session.talk.lang;
    let files = on_reading_thread(|| gather(from).map_err(|error| error.at(from.to_string_lossy())))?;
    put(&files, to).map_err(|error| {
        let at = to.display();
        misuse(
            &Text::new(format!("cannot write to {at}: {error}"), format!("无法写入 {at}：{error}")),
            &Text::new(
                "check the permissions and the space left, or give another folder with --models",
                "请检查权限与剩余空间，或用 --models 另给文件夹",
            ),
            lang,
        )
    })?;
    let [one, other] = MODELS.map(|file| file.name);
    let at = to.display();
    let installed = Text::new(format!("installed in {at}: {one}, {other}"), format!("已安装到 {at}：{one}、{other}"));
    session.talk.note(installed.get(lang));
    let notice = files.iter().any(|(name, _)| *name == NOTICE).then(|| to.join(NOTICE));
    session.talk.note(licence(notice.as_deref()).get(lang));
    Ok(())
}

/// Whose the models are; `notice` is where that is written.
fn licence(notice: Option<&Path>) -> Text {
    let place = notice.map_or("https://www.apache.org/licenses/LICENSE-2.0".into(), |file| file.to_string_lossy());
    Text::new(
        format!("the models are copyright Baidu and the PaddleOCR authors, under the licence Apache-2.0: {place}"),
        format!("模型版权归百度与 PaddleOCR 作者所有，采用 Apache-2.0 许可：{place}"),
    )
}

/// The files to write, from a package: the notice, where it has one, and the models, which it must have.
fn gather(from: &Path) -> Result<Vec<(&'static str, Vec<u8>)>> {
    let mut package = Package::open(from)?;
    let notice = package.file(NOTICE, NOTICE_BYTES)?.filter(|bytes| bytes.len() as u64 <= NOTICE_BYTES);
    let mut files: Vec<_> = notice.map(|bytes| (NOTICE, bytes)).into_iter().collect();
    for file in MODELS {
        let ModelFile { name, sha256, bytes: size } = file;
        let (en, zh) = package.called();
        let bytes = package.file(name, size)?.ok_or_else(|| {
            unusable(
                format!("{en} holds no {name}; gouji needs rapidocr 3.10.0"),
                format!("{zh}中没有 {name}；需要 rapidocr 3.10.0"),
            )
        })?;
        if !is_genuine(&bytes, file) {
            return Err(unusable(
                format!("the {name} of {en} is another file (expected {size} bytes with the SHA-256 {sha256}); gouji needs rapidocr 3.10.0"),
                format!("{zh}中的 {name} 是另一个文件（应为 {size} 字节，SHA-256 为 {sha256}）；需要 rapidocr 3.10.0"),
            )
            .into());
        }
        files.push((name, bytes));
    }
    Ok(files)
}

fn unusable(en: String, zh: String) -> ErrorKind {
    ErrorKind::Models { detail: Text::new(en, zh) }
}

/// Where models come from.
enum Package {
    /// A folder that holds the files.
    Folder(PathBuf),
    /// A wheel, or another zip archive, that holds them in whatever folder.
    Wheel(ZipArchive<Cursor<Vec<u8>>>),
}

impl Package {
    fn open(path: &Path) -> Result<Self> {
        if path.is_dir() {
            return Ok(Self::Folder(path.to_owned()));
        }
        let bytes = read_bytes(path, &Limits::default())?;
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| {
            unusable(
                format!("the file is no wheel, or is cut off or damaged: {error}"),
                format!("该文件不是 wheel 文件，或被截断、损坏：{error}"),
            )
        })?;
        Ok(Self::Wheel(archive))
    }

    /// What to call it, in English and Chinese.
    fn called(&self) -> (&'static str, &'static str) {
        match self {
            Self::Folder(_) => ("this folder", "该文件夹"),
            Self::Wheel(_) => ("this wheel", "该 wheel 文件"),
        }
    }

    /// The bytes of the file of that name, if there is one; of a file with more than `most`, one more than that.
    fn file(&mut self, name: &str, most: u64) -> Result<Option<Vec<u8>>> {
        let failed = |error: &dyn Display| unusable(format!("{name}: {error}"), format!("{name}：{error}"));
        let bytes = match self {
            Self::Folder(folder) => match File::open(folder.join(name)) {
                Ok(file) => up_to(most, file),
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => Err(error),
            },
            Self::Wheel(archive) => {
                let is_it = |path: &str| path.rsplit('/').next() == Some(name);
                let Some(at) = archive.file_names().position(|path| path.is_ok_and(|path| is_it(&path))) else {
                    return Ok(None);
                };
                up_to(most, archive.by_index(at).map_err(|error| failed(&error))?)
            }
        };
        Ok(Some(bytes.map_err(|error| failed(&error))?))
    }
}

/// The bytes of a stream; of a stream with more than `most`, one more than that.
fn up_to(most: u64, stream: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes the files into the folder. All of them are on the disk before the first gets its name, so that what can go
/// wrong goes wrong before.
fn put(files: &[(&str, Vec<u8>)], folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut written = Vec::new();
    for (name, bytes) in files {
        let mut output = Output::open(Some(&folder.join(name)))?;
        output.write_bytes(bytes)?;
        output.sync()?;
        written.push(output);
    }
    written.iter_mut().try_for_each(Output::finish)
}

/// Says where the files are looked for, whether they are there, and how to get them; `chosen` is what to add to the
/// command for that.
fn status(folder: &Path, chosen: &str, session: &mut Session) -> std::result::Result<(), Stop> {
    let (lang, paint) = (session.talk.lang, session.paint);
    let mut usable = true;
    let mut text = String::new();
    for file in MODELS {
        let path = folder.join(file.name);
        let state = match check(&path, file) {
            Ok(()) => paint.good(Text::new("installed", "已安装").get(lang)),
            Err(why) => {
                usable = false;
                paint.bad(why.get(lang))
            }
        };
        let _ = writeln!(text, "{}: {state}", clean(&path.to_string_lossy()));
    }
    let [download, install] = GET_MODELS;
    let sum = if usable {
        Text::new("pages that are pictures can be read", "可以读取图片页")
    } else {
        session.exit.worsen(Exit::Findings);
        let commands = format!("  {download}\n  {install}{}", clean(chosen));
        Text::new(
            format!("pages that are pictures cannot be read; to get the models:\n{commands}"),
            format!("无法读取图片页；获取模型的命令：\n{commands}"),
        )
    };
    finish(session, &format!("{text}{}\n", sum.get(lang)))
}

/// Whether a file is the one that it should be, and why not.
fn check(path: &Path, file: ModelFile) -> std::result::Result<(), Text> {
    match File::open(path).and_then(|stream| up_to(file.bytes, stream)) {
        Ok(bytes) if is_genuine(&bytes, file) => Ok(()),
        Ok(_) => Err(Text::new("another file than it should be", "并非应有的文件")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Text::new("missing", "缺失")),
        Err(error) => Err(Text::new(error.to_string(), error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn a_member_is_found_in_any_folder_and_read_to_its_size() {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for name in ["not-a.onnx", "deep/down/a.onnx"] {
            writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(name.as_bytes()).unwrap();
        }
        let mut package = Package::Wheel(
            ZipArchive::new(writer.finish().map(|bytes| Cursor::new(bytes.into_inner())).unwrap()).unwrap(),
        );
        assert_eq!(package.file("a.onnx", 100).unwrap().unwrap(), b"deep/down/a.onnx");
        assert_eq!(package.file("a.onnx", 3).unwrap().unwrap(), b"deep");
        assert_eq!(package.file("b.onnx", 3).unwrap(), None);
    }

    #[test]
    fn files_are_written_all_or_none_and_again() {
        let folder = std::env::temp_dir().join(format!("gouji-models-{}", std::process::id()));
        let names = || fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>();
        let files = |text: &str| vec![("a", text.as_bytes().to_vec()), ("b", text.as_bytes().to_vec())];
        // A folder that has the name of the second file.
        fs::create_dir_all(folder.join("b")).unwrap();
        assert!(put(&files("1"), &folder).is_err());
        assert_eq!(names(), ["b"]);
        fs::remove_dir(folder.join("b")).unwrap();
        for text in ["1", "2"] {
            put(&files(text), &folder).unwrap();
            assert_eq!(["a", "b"].map(|name| fs::read_to_string(folder.join(name)).unwrap()), [text, text]);
            assert_eq!(names().len(), 2);
        }
        fs::remove_dir_all(folder).unwrap();
    }
}
