//! What stops a run: one error type whose kinds say whose fault it is.
//!
//! What is wrong *inside* a readable document is never an error but a [`crate::finding::Finding`].

use crate::text::{Lang, Text};
use std::fmt;

/// A result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An input that could not be read, or a form that could not be loaded.
#[derive(Debug)]
pub struct Error {
    path: Option<String>,
    kind: Box<ErrorKind>,
}

/// What went wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The file system refused.
    #[error("cannot read the file: {0}")]
    Io(#[from] std::io::Error),
    /// The input has no bytes, or nothing but white space.
    #[error("the file is empty")]
    EmptyInput,
    /// No reader knows these bytes.
    #[error("unknown format: {seen}")]
    UnknownFormat {
        /// What the first bytes look like.
        seen: String,
    },
    /// The format is known, but this build or version cannot read it.
    #[error("{format} files are not supported")]
    Unsupported {
        /// The format's name.
        format: &'static str,
    },
    /// A password is needed, or the given one is wrong.
    #[error("the file is encrypted")]
    Encrypted {
        /// Whether a password was given and refused.
        wrong_password: bool,
    },
    /// The file is cut off or so damaged that nothing can be read.
    #[error("the file is cut off or damaged: {detail}")]
    Truncated {
        /// What was missing.
        detail: String,
    },
    /// Every page is a picture.
    #[error("no text: {pages} page(s) hold only images{}", if *models { " in which nothing was recognised" } else { "" })]
    NoText {
        /// How many pages.
        pages: u32,
        /// Whether models have looked at the pictures.
        models: bool,
    },
    /// The fonts do not say which characters their glyphs are, and no table could be read.
    #[error("the text cannot be read: its fonts do not say which characters they show ({})", fonts.join(", "))]
    NoUnicode {
        /// Their names.
        fonts: Vec<String>,
    },
    /// A saved page whose content is filled in by scripts.
    #[error("the page is an empty shell filled in by scripts")]
    HtmlShell,
    /// A page that only links to the report.
    #[error("the page only links to an attachment: {link}")]
    HtmlAttachmentOnly {
        /// The first link to a document.
        link: String,
    },
    /// The document holds none of the form's tables.
    #[error("no standard table was found")]
    NoStandardTable {
        /// The headings that were seen.
        headings: Vec<String>,
    },
    /// A limit of [`crate::limits::Limits`] was reached.
    #[error("limit reached: {what} is more than {limit}")]
    Limit {
        /// The limit's name, as on the command line.
        what: &'static str,
        /// Its value.
        limit: u64,
    },
    /// A form file is wrong.
    #[error("form error: {message}")]
    Form {
        /// What is wrong and where, as the parser words it.
        message: String,
    },
    /// A registry of issuers is wrong.
    #[error("registry error: {message}")]
    Registry {
        /// What is wrong and on which line.
        message: String,
    },
    /// A foreign reader failed.
    #[error("the {format} reader failed: {detail}")]
    Reader {
        /// The format.
        format: &'static str,
        /// Its own words.
        detail: String,
    },
    /// The reading took longer than a worker process is given.
    #[error("the reading took more than {seconds} seconds")]
    Timeout {
        /// How long it was given.
        seconds: u64,
    },
    /// The reading asked for more memory than the process may use.
    #[error("the reading needs more memory than it may use")]
    OutOfMemory,
    /// The worker process died.
    #[error("the reading crashed: {detail}")]
    Crashed {
        /// How, as far as known.
        detail: String,
    },
    /// Pages were asked for in a format that has none.
    #[error("{format} files have no pages to choose from")]
    NoPages {
        /// The format.
        format: &'static str,
    },
    /// A page was asked for that is not there.
    #[error("there is no page {page}; the document has {pages}")]
    NoSuchPage {
        /// The page.
        page: u32,
        /// How many there are.
        pages: u32,
    },
    /// The models that read pictures are there, but cannot be used.
    #[error("the text recognition models cannot be used: {}", detail.en)]
    Models {
        /// Why.
        detail: Text,
    },
    /// A fault of gouji's own.
    #[error("internal fault: {detail}")]
    Internal {
        /// Where it happened, as far as known.
        detail: String,
    },
}

/// The commands that get the models which read pictures of pages: another program fetches, gouji installs.
pub const GET_MODELS: [&str; 2] =
    ["pip download --no-deps rapidocr==3.10.0", "gouji models install --from rapidocr-3.10.0-py3-none-any.whl"];

/// What to try where pages are pictures; `models` says whether models have looked at them.
pub(crate) fn help_for_pictures(models: bool) -> Text {
    let [download, install] = GET_MODELS;
    if models {
        Text::new(
            "nothing could be recognised in the picture; ask the publisher for the original",
            "未能从图片中识别出文字；请向发布机关索取原始文件",
        )
    } else if cfg!(feature = "ocr") {
        Text::new(
            format!(
                "install the models that read pictures and read again: `{download}`, then `{install}`; or ask the publisher for the original"
            ),
            format!(
                "请安装识别图片的模型后重新读取：先运行 `{download}`，再运行 `{install}`；或向发布机关索取原始文件"
            ),
        )
    } else {
        Text::new(
            "ask the publisher for the original, or run text recognition first",
            "请向发布机关索取原始文件，或先做文字识别",
        )
    }
}

impl ErrorKind {
    /// Adds the place: the file's path or name.
    pub fn at(self, path: impl Into<String>) -> Error {
        Error::from(self).at(path)
    }

    /// The stable code of this kind.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "io",
            Self::EmptyInput => "empty-input",
            Self::UnknownFormat { .. } => "unknown-format",
            Self::Unsupported { .. } => "unsupported-format",
            Self::Encrypted { .. } => "encrypted",
            Self::Truncated { .. } => "truncated",
            Self::NoText { .. } => "no-text",
            Self::NoUnicode { .. } => "no-unicode",
            Self::HtmlShell => "html-shell",
            Self::HtmlAttachmentOnly { .. } => "html-attachment-only",
            Self::NoStandardTable { .. } => "no-standard-table",
            Self::Limit { .. } => "limit",
            Self::Form { .. } => "form",
            Self::Registry { .. } => "registry",
            Self::Reader { .. } => "reader",
            Self::Timeout { .. } => "timeout",
            Self::OutOfMemory => "out-of-memory",
            Self::Crashed { .. } => "crashed",
            Self::NoPages { .. } => "no-pages",
            Self::NoSuchPage { .. } => "no-such-page",
            Self::Models { .. } => "models",
            Self::Internal { .. } => "internal",
        }
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self { path: None, kind: Box::new(kind) }
    }
}

impl Error {
    /// Adds the place, unless one is there already.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path.get_or_insert_with(|| path.into());
        self
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// The file it is about, where known.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// Whether the input was read and simply holds no report: neither a table nor a heading of a form.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        matches!(&*self.kind, ErrorKind::NoStandardTable { headings } if headings.is_empty())
    }

    /// What happened, without the path.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.kind.to_string(),
            Lang::Zh => self.zh(),
        }
    }

    /// What to try.
    #[must_use]
    pub fn help(&self) -> Text {
        match &*self.kind {
            ErrorKind::Timeout { .. } | ErrorKind::OutOfMemory | ErrorKind::Crashed { .. } => self.help_for_process(),
            ErrorKind::Io(_) => Text::new("check the path and the permissions", "请检查路径与权限"),
            ErrorKind::EmptyInput => Text::new("fetch the file again", "请重新获取该文件"),
            ErrorKind::UnknownFormat { .. } | ErrorKind::Unsupported { .. } => Text::new(
                "gouji reads PDF, OFD, xlsx, xls, xlsb, ods, docx, doc, wps, RTF, odt, HTML, Markdown and plain text; convert the file to one of them",
                "支持 PDF、OFD、xlsx、xls、xlsb、ods、docx、doc、wps、RTF、odt、HTML、Markdown 和纯文本，请先转换",
            ),
            ErrorKind::Encrypted { .. } => Text::new("give the password with --password", "请用 --password 给出密码"),
            ErrorKind::Truncated { .. } => {
                Text::new("fetch the file again; the copy is incomplete", "文件不完整，请重新获取")
            }
            ErrorKind::NoText { models, .. } => help_for_pictures(*models),
            ErrorKind::NoUnicode { .. } => Text::new(
                "ask the publisher for the original, or print the file to pictures and run text recognition",
                "请向发布机关索取原始文件，或转为图片后做文字识别",
            ),
            ErrorKind::HtmlShell => Text::new("save the page again after it has loaded", "请在页面加载完成后重新保存"),
            ErrorKind::HtmlAttachmentOnly { .. } => {
                Text::new("download the linked file and read that", "请下载所链接的附件再读取")
            }
            ErrorKind::NoStandardTable { headings } if headings.is_empty() => Text::new(
                "no heading of the form was seen either; is this an annual report?",
                "也未见到报告的标题，请确认是否为年度报告",
            ),
            ErrorKind::NoStandardTable { headings } => Text::new(
                format!("headings seen: {}; `gouji tables` lists every table", headings.join(" | ")),
                format!("见到的标题：{}；可用 `gouji tables` 列出所有表格", headings.join(" | ")),
            ),
            ErrorKind::Limit { what, .. } => Text::new(
                format!("if the file is trusted, raise --limit {what}=N"),
                format!("若文件可信，可用 --limit {what}=N 调高上限"),
            ),
            ErrorKind::Form { .. } => Text::new("run `gouji forms lint FILE`", "请运行 `gouji forms lint 文件`"),
            ErrorKind::Registry { .. } => Text::new(
                "correct the line; the columns are code,name,parent,variants, and parent is a code",
                "请更正该行；各栏为 code,name,parent,variants，其中 parent 填上级的 code",
            ),
            ErrorKind::Reader { .. } => {
                Text::new("open and save the file again with another program", "请用其他程序打开并另存后重试")
            }
            ErrorKind::NoPages { .. } => {
                Text::new("leave out --page, --pages and --region", "请去掉 --page、--pages、--region")
            }
            ErrorKind::NoSuchPage { pages, .. } => {
                Text::new(format!("give a page from 1 to {pages}"), format!("请给出 1 至 {pages} 之间的页码"))
            }
            ErrorKind::Models { .. } => {
                let [download, install] = GET_MODELS;
                Text::new(
                    format!("get them with `{download}`, then `{install}`"),
                    format!("请获取并安装：先运行 `{download}`，再运行 `{install}`"),
                )
            }
            ErrorKind::Internal { .. } => Text::new(
                "report it together with the file; the other inputs were read",
                "请连同文件一并报告；其他文件不受影响",
            ),
        }
    }

    /// What to try when the process that read it came to an end.
    fn help_for_process(&self) -> Text {
        match &*self.kind {
            ErrorKind::Timeout { .. } => Text::new(
                "if the file is trusted, give it more time with --timeout and --retry",
                "若文件可信，可用 --timeout 与 --retry 延长时间重试",
            ),
            ErrorKind::OutOfMemory => Text::new(
                "if the file is trusted, give it more; in a batch with --memory and --retry",
                "若文件可信，可调高内存上限；批处理用 --memory 与 --retry",
            ),
            _ => Text::new(
                "report it together with the file; open and save it again with another program",
                "请连同文件一并报告；也可用其他程序打开并另存后重试",
            ),
        }
    }

    fn zh(&self) -> String {
        match &*self.kind {
            ErrorKind::Io(e) => format!("无法读取文件：{e}"),
            ErrorKind::EmptyInput => "文件为空".into(),
            ErrorKind::UnknownFormat { seen } => format!("无法识别的格式：{seen}"),
            ErrorKind::Unsupported { format } => format!("不支持 {format} 文件"),
            ErrorKind::Encrypted { .. } => "文件已加密".into(),
            ErrorKind::Truncated { detail } => format!("文件被截断或损坏：{detail}"),
            ErrorKind::NoText { pages, models: false } => format!("没有文字：{pages} 页均为图片"),
            ErrorKind::NoText { pages, models: true } => format!("没有文字：{pages} 页均为图片，且未能识别出文字"),
            ErrorKind::NoUnicode { fonts } => format!("文字无法读取：字体 {} 未说明其字形对应的字符", fonts.join("、")),
            ErrorKind::HtmlShell => "网页只是由脚本填充的空壳".into(),
            ErrorKind::HtmlAttachmentOnly { link } => format!("网页仅有附件链接：{link}"),
            ErrorKind::NoStandardTable { .. } => "未找到标准表格".into(),
            ErrorKind::Limit { what, limit } => format!("超出上限：{what} 大于 {limit}"),
            ErrorKind::Form { message } => format!("表式文件有误：{message}"),
            ErrorKind::Registry { message } => format!("机构名录有误：{message}"),
            ErrorKind::Reader { format, detail } => format!("{format} 读取失败：{detail}"),
            ErrorKind::Timeout { seconds } => format!("读取超过 {seconds} 秒"),
            ErrorKind::OutOfMemory => "读取所需内存超过上限".into(),
            ErrorKind::Crashed { detail } => format!("读取进程崩溃：{detail}"),
            ErrorKind::NoPages { format } => format!("{format} 文件没有页"),
            ErrorKind::NoSuchPage { page, pages } => format!("没有第 {page} 页；共 {pages} 页"),
            ErrorKind::Models { detail } => format!("文字识别模型无法使用：{}", detail.zh),
            ErrorKind::Internal { detail } => format!("内部错误：{detail}"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.path {
            write!(f, "{path}: ")?;
        }
        write!(f, "{}", self.kind)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&*self.kind)
    }
}
