//! What the codes mean, for people: the text behind `gouji explain` and `docs/findings.md`.
//!
//! Findings carry their own text; the codes of errors, which stop a run, get theirs here.

use crate::finding::{Code, Severity};
use crate::text::Lang;
use std::fmt::Write as _;

/// What an error code means. English first, then Chinese, in each pair.
struct ErrorDoc {
    code: &'static str,
    says: (&'static str, &'static str),
    matters: (&'static str, &'static str),
    help: (&'static str, &'static str),
}

/// Every code of [`crate::ErrorKind`], in its order.
const ERRORS: &[ErrorDoc] = &[
    ErrorDoc {
        code: "io",
        says: ("The file could not be read or written.", "文件无法读取或写入。"),
        matters: ("Nothing is known about its content.", "对其内容一无所知。"),
        help: ("Check the path, the permissions and the space on the disk.", "请检查路径、权限与磁盘空间。"),
    },
    ErrorDoc {
        code: "empty-input",
        says: ("The file has no bytes, or nothing but white space.", "文件没有内容，或只有空白。"),
        matters: ("Usually a download that failed without a word.", "多为下载失败而未提示。"),
        help: ("Fetch the file again.", "请重新获取该文件。"),
    },
    ErrorDoc {
        code: "unknown-format",
        says: (
            "The first bytes are those of no format that gouji knows. The file's name plays no part.",
            "文件开头的字节不属于任何已知格式；与文件名无关。",
        ),
        matters: ("Guessing a format would mean guessing figures.", "猜测格式等于猜测数字。"),
        help: (
            "Convert it to PDF, OFD, xlsx, xls, xlsb, ods, docx, doc, RTF, odt, HTML, Markdown or plain text.",
            "请转换为 PDF、OFD、xlsx、xls、xlsb、ods、docx、doc、RTF、odt、HTML、Markdown 或纯文本。",
        ),
    },
    ErrorDoc {
        code: "unsupported-format",
        says: (
            "The format is known, but this program cannot read it or was built without it.",
            "格式可以识别，但本程序不支持，或编译时未包含。",
        ),
        matters: ("Nothing was read.", "未读取任何内容。"),
        help: (
            "Convert it, for example with LibreOffice: soffice --convert-to docx FILE.",
            "请先转换，例如使用 LibreOffice：soffice --convert-to docx 文件。",
        ),
    },
    ErrorDoc {
        code: "encrypted",
        says: (
            "The file needs a password, or the given one is wrong. The empty password was tried.",
            "文件需要密码，或所给密码不对；已尝试空密码。",
        ),
        matters: ("Nothing was read.", "未读取任何内容。"),
        help: ("Give the password with --password.", "请用 --password 给出密码。"),
    },
    ErrorDoc {
        code: "truncated",
        says: (
            "The file is cut off or so damaged that nothing in it can be read.",
            "文件被截断，或损坏到完全无法读取。",
        ),
        matters: ("What is left may look whole and not be so.", "残留部分可能看似完整而实非如此。"),
        help: (
            "Fetch the file again and compare its size with the publisher's.",
            "请重新获取，并与发布机关的文件大小比对。",
        ),
    },
    ErrorDoc {
        code: "no-text",
        says: (
            "Every page is a picture, such as a scan, and none could be read: the models that read pictures are not installed, or they recognised nothing.",
            "每一页都是图片（如扫描件），且均未能读出：未安装识别图片的模型，或未能识别出文字。",
        ),
        matters: (
            "Nothing of the report is known. What is read from pictures is checked like everything else: with the models installed a figure is given as certain only where the recognition was sure or ties prove it.",
            "对报告内容一无所知。从图片读出的内容与其他内容同样接受核对：安装模型后，只有识别确定或有勾稽关系证明的数字才不标为存疑。",
        ),
        help: (
            "Install the models (`gouji models status` says how) and read again, or ask the publisher for the original file.",
            "请安装模型后重新读取（方法见 `gouji models status`），或向发布机关索取原始文件。",
        ),
    },
    ErrorDoc {
        code: "no-unicode",
        says: (
            "No table could be read, and fonts of the file do not say which characters they show.",
            "未能读出表格，且文件中的字体未说明其字形对应的字符。",
        ),
        matters: (
            "What a person reads there a program cannot; nothing is guessed.",
            "人能读出而程序读不出；此处不作猜测。",
        ),
        help: (
            "Ask the publisher for the original, or print the file to pictures and run text recognition.",
            "请向发布机关索取原始文件，或转为图片后做文字识别。",
        ),
    },
    ErrorDoc {
        code: "html-shell",
        says: (
            "The saved page is an empty frame that scripts fill in after loading.",
            "所存网页只是空壳，内容由脚本在加载后填入。",
        ),
        matters: ("The report is not in the file.", "文件中没有报告内容。"),
        help: (
            "Open the page in a browser, wait until it has loaded, and save it again.",
            "请用浏览器打开，待加载完成后重新保存。",
        ),
    },
    ErrorDoc {
        code: "html-attachment-only",
        says: ("The page holds no report, only a link to one.", "网页中没有报告正文，只有附件链接。"),
        matters: (
            "gouji never goes to the network, so the linked file was not read.",
            "本程序从不联网，未读取所链接的附件。",
        ),
        help: ("Download the linked file and read that.", "请下载所链接的附件再读取。"),
    },
    ErrorDoc {
        code: "no-standard-table",
        says: (
            "The document was read, but it holds none of the tables of any form.",
            "文件可以读取，但没有任何表式中的表格。",
        ),
        matters: (
            "It may be another kind of document, or a form that is not described yet.",
            "可能是其他文件，或其表式尚未收录。",
        ),
        help: (
            "`gouji tables FILE` shows every table; `gouji forms list` the forms; --forms DIR adds one.",
            "`gouji tables 文件` 列出所有表格；`gouji forms list` 列出表式；--forms 目录 可添加表式。",
        ),
    },
    ErrorDoc {
        code: "limit",
        says: ("One of the caps on what an input may cost was reached.", "超出了单个文件的资源上限。"),
        matters: (
            "Files made to exhaust memory look just like this; so do a few honest giants.",
            "专为耗尽内存而造的文件正是如此；极少数正常的大文件也会。",
        ),
        help: ("If you trust the file, raise the cap: --limit NAME=N.", "若文件可信，请调高上限：--limit 名称=N。"),
    },
    ErrorDoc {
        code: "form",
        says: ("A form file is wrong; the message says where.", "表式文件有误，位置见提示。"),
        matters: ("With a wrong form every figure would get a wrong name.", "表式有误，所有数字都会被冠以错误的名称。"),
        help: (
            "Correct the file; `gouji forms lint FILE` says everything that is wrong with it.",
            "请更正；`gouji forms lint 文件` 列出其全部问题。",
        ),
    },
    ErrorDoc {
        code: "registry",
        says: ("A registry of issuers is wrong; the message says on which line.", "机构名录有误，所在行见提示。"),
        matters: (
            "With a wrong registry reports of different issuers would be compared.",
            "名录有误会使不同机构的报告相互比较。",
        ),
        help: (
            "Correct the line: columns code,name,parent,variants; every name belongs to one code; parents are codes.",
            "请更正该行：各栏为 code,name,parent,variants；每个名称只属一个 code；parent 填 code。",
        ),
    },
    ErrorDoc {
        code: "reader",
        says: ("The reader of this format failed inside.", "该格式的读取程序内部出错。"),
        matters: (
            "The file is damaged in an unusual way, or the reader has a fault.",
            "文件以罕见方式损坏，或读取程序有缺陷。",
        ),
        help: ("Open the file in another program and save it again.", "请用其他程序打开并另存后重试。"),
    },
    ErrorDoc {
        code: "timeout",
        says: ("A worker process was stopped because the reading took too long.", "读取时间过长，读取进程已被终止。"),
        matters: (
            "A report takes a fraction of a second; a file that takes much longer is damaged or made to harm.",
            "正常报告只需零点几秒；远超此数的文件多已损坏或蓄意构造。",
        ),
        help: (
            "Give it more time with --timeout and --retry, or open and save it with another program.",
            "可用 --timeout 与 --retry 延长时间重试，或用其他程序打开另存。",
        ),
    },
    ErrorDoc {
        code: "out-of-memory",
        says: (
            "A worker process was refused more memory than one input may take.",
            "读取进程所需内存超过单个文件的上限。",
        ),
        matters: ("The other inputs go on unharmed.", "其他文件不受影响。"),
        help: (
            "Give it more with --memory and --retry, or open and save it with another program.",
            "可用 --memory 与 --retry 调高上限重试，或用其他程序打开另存。",
        ),
    },
    ErrorDoc {
        code: "crashed",
        says: ("The worker process that read the file died.", "读取该文件的进程崩溃。"),
        matters: (
            "It is a fault of gouji or of a library; nothing of the file was read.",
            "属程序或所用库的缺陷；未读取任何内容。",
        ),
        help: ("Report it together with the file.", "请连同文件一并报告。"),
    },
    ErrorDoc {
        code: "no-pages",
        says: ("Pages were asked for in a format that has none.", "所指定的格式没有页。"),
        matters: ("Nothing was left out in silence.", "不会悄悄忽略所给条件。"),
        help: ("Leave out --page, --pages and --region.", "请去掉 --page、--pages、--region。"),
    },
    ErrorDoc {
        code: "no-such-page",
        says: ("A page was asked for that the document does not have.", "所指定的页不存在。"),
        matters: ("Nothing was left out in silence.", "不会悄悄忽略所给条件。"),
        help: (
            "Give a page that is there; `gouji inspect FILE` lists them.",
            "请给出存在的页码；`gouji inspect 文件` 列出各页。",
        ),
    },
    ErrorDoc {
        code: "models",
        says: (
            "The models that read pictures of pages, or the package to install them from, are not what they should be; or they cannot be run.",
            "识别图片的模型或其安装包并非应有的文件，或模型无法运行。",
        ),
        matters: (
            "Other models would read other figures; gouji runs only those it was measured with, byte for byte.",
            "不同的模型会读出不同的数字；本程序只使用经过测定的、逐字节相同的模型。",
        ),
        help: (
            "`gouji models status` says which file is wrong and how to get it; `gouji models install` puts it in its place.",
            "`gouji models status` 说明哪个文件有误及如何获取；`gouji models install` 用于重新安装。",
        ),
    },
    ErrorDoc {
        code: "internal",
        says: ("gouji itself failed on this file.", "本程序处理该文件时自身出错。"),
        matters: (
            "No figure of this file was given out; other inputs are not touched.",
            "未输出该文件的任何数字；其他文件不受影响。",
        ),
        help: ("Report it together with the file.", "请连同文件一并报告。"),
    },
];

/// Why an input has its status in the ledger of a batch, where no finding and no error says so.
const REASONS: &[ErrorDoc] = &[
    ErrorDoc {
        code: "read",
        says: ("The input was read, and nothing is wrong.", "已读取，未发现问题。"),
        matters: (
            "Every table of the form is there, and every tie that could be checked holds.",
            "各表齐全，能核对的勾稽关系均成立。",
        ),
        help: ("Nothing.", "无需处理。"),
    },
    ErrorDoc {
        code: "cells-missing",
        says: (
            "All tables were found, but cells of the form are not in the document, or cannot be read.",
            "各表均已找到，但表式中有单元格在文件中缺失或无法辨读。",
        ),
        matters: ("They are no zeros: sums over many reports lack them.", "缺失不等于 0，汇总时会少计。"),
        help: (
            "Look at the cells whose status is absent or unreadable.",
            "请查看状态为 absent 或 unreadable 的单元格。",
        ),
    },
    ErrorDoc {
        code: "same-bytes",
        says: ("Another input has the same bytes, byte for byte.", "另有字节完全相同的输入。"),
        matters: (
            "The dataset holds its reports once, under the first of these paths.",
            "数据集中只计一次，记在排序靠前的路径下。",
        ),
        help: ("Nothing.", "无需处理。"),
    },
    ErrorDoc {
        code: "same-report",
        says: (
            "Another input holds the same report in another file: the same issuer, year and figures in every cell, and the same prose.",
            "另有文件载有同一报告：机关、年度、每格数字与正文均相同。",
        ),
        matters: (
            "Counted twice it would falsify every sum. Copies that differ in a single figure are both kept.",
            "重复计入会使汇总失真；只要有一个数字不同，两份均保留。",
        ),
        help: ("Nothing; the message names the other file.", "无需处理；说明中列有另一文件。"),
    },
];

/// Every code with its kind (a finding's usual severity, `stops` for an error or both, `ledger` for a reason in a ledger) and what it says, in the order of
/// the documentation.
pub fn codes(lang: Lang) -> Vec<(&'static str, String, &'static str)> {
    let findings = Code::ALL.iter().map(|code| {
        let doc = code.doc();
        let stops = if error_doc(code.name()).is_some() { ", stops" } else { "" };
        (code.name(), format!("{}{stops}", severity(doc.severity)), pick(doc.says, lang))
    });
    let errors = ERRORS.iter().filter(|doc| Code::from_name(doc.code).is_none());
    let reasons = REASONS.iter().map(|doc| (doc.code, "ledger".into(), pick(doc.says, lang)));
    findings.chain(errors.map(|doc| (doc.code, "stops".into(), pick(doc.says, lang)))).chain(reasons).collect()
}

/// What `code` means, why it matters, an example and what to do; `None` for a code that does not exist. A code that is
/// both, a finding where part of a file is concerned and an error where all of it is, is explained as both.
pub fn explain(code: &str, lang: Lang) -> Option<String> {
    let finding = Code::from_name(code).map(|code| {
        let doc = code.doc();
        let kind = match lang {
            Lang::En => format!("A finding, usually of severity `{}`.", severity(doc.severity)),
            Lang::Zh => format!("发现的问题，级别通常为 `{}`。", severity(doc.severity)),
        };
        text(&kind, doc.says, doc.matters, Some(doc.example), doc.help, lang)
    });
    let reason = REASONS.iter().find(|doc| doc.code == code).map(|doc| {
        let kind = match lang {
            Lang::En => "A reason in the ledger of a batch.",
            Lang::Zh => "批处理台账中的原因代码。",
        };
        text(kind, doc.says, doc.matters, None, doc.help, lang)
    });
    let error = error_doc(code).map(|doc| {
        let kind = match lang {
            Lang::En => "An error that stops the reading of a file (exit code 2).",
            Lang::Zh => "使该文件无法读取的错误（退出码 2）。",
        };
        text(kind, doc.says, doc.matters, None, doc.help, lang)
    });
    let parts: Vec<String> = finding.into_iter().chain(error).chain(reason).collect();
    if parts.is_empty() { None } else { Some(format!("## {code}\n\n{}", parts.join("\n"))) }
}

fn error_doc(code: &str) -> Option<&'static ErrorDoc> {
    ERRORS.iter().find(|doc| doc.code == code)
}

/// A text in both languages.
type Pair = (&'static str, &'static str);

fn text(kind: &str, says: Pair, matters: Pair, example: Option<Pair>, help: Pair, lang: Lang) -> String {
    let headings = match lang {
        Lang::En => ["What it says", "Why it matters", "Example", "What to do"],
        Lang::Zh => ["含义", "为何重要", "示例", "如何处理"],
    };
    let mut out = format!("{kind}\n");
    for (heading, text) in headings.iter().zip([Some(says), Some(matters), example, Some(help)]) {
        if let Some(text) = text {
            let _ = write!(out, "\n### {heading}\n\n{}\n", pick(text, lang));
        }
    }
    out
}

/// The page `docs/findings.md`.
pub fn page() -> String {
    let mut out = String::from(
        "# Codes\n\nMade from the program; `UPDATE=1 cargo test` writes it again. `gouji explain CODE` prints one of them, with\n\
         `--lang zh` in Chinese. A code never changes its meaning.\n\n| code | kind | what it says |\n|---|---|---|\n",
    );
    let all = codes(Lang::En);
    for (code, kind, says) in &all {
        let _ = writeln!(out, "| [`{code}`](#{code}) | {kind} | {} |", says.replace('|', "\\|"));
    }
    for (code, _, _) in &all {
        let _ = write!(out, "\n{}", explain(code, Lang::En).unwrap_or_default());
    }
    out
}

fn pick(pair: Pair, lang: Lang) -> &'static str {
    match lang {
        Lang::En => pair.0,
        Lang::Zh => pair.1,
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use crate::text::Text;

    /// Fails to compile when a kind is new, as a reminder to list it in [`one_of_each`] too.
    fn is_listed(kind: &ErrorKind) -> bool {
        match kind {
            ErrorKind::Io(_)
            | ErrorKind::EmptyInput
            | ErrorKind::UnknownFormat { .. }
            | ErrorKind::Unsupported { .. }
            | ErrorKind::Encrypted { .. }
            | ErrorKind::Truncated { .. }
            | ErrorKind::NoText { .. }
            | ErrorKind::NoUnicode { .. }
            | ErrorKind::HtmlShell
            | ErrorKind::HtmlAttachmentOnly { .. }
            | ErrorKind::NoStandardTable { .. }
            | ErrorKind::Limit { .. }
            | ErrorKind::Form { .. }
            | ErrorKind::Registry { .. }
            | ErrorKind::Reader { .. }
            | ErrorKind::Timeout { .. }
            | ErrorKind::OutOfMemory
            | ErrorKind::Crashed { .. }
            | ErrorKind::NoPages { .. }
            | ErrorKind::NoSuchPage { .. }
            | ErrorKind::Models { .. }
            | ErrorKind::Internal { .. } => true,
        }
    }

    /// One error of every kind.
    fn one_of_each() -> Vec<ErrorKind> {
        let text = String::new;
        let all = vec![
            ErrorKind::Io(std::io::Error::other("x")),
            ErrorKind::EmptyInput,
            ErrorKind::UnknownFormat { seen: text() },
            ErrorKind::Unsupported { format: "x" },
            ErrorKind::Encrypted { wrong_password: false },
            ErrorKind::Truncated { detail: text() },
            ErrorKind::NoText { pages: 1, models: false },
            ErrorKind::NoUnicode { fonts: Vec::new() },
            ErrorKind::HtmlShell,
            ErrorKind::HtmlAttachmentOnly { link: text() },
            ErrorKind::NoStandardTable { headings: Vec::new() },
            ErrorKind::Limit { what: "pages", limit: 1 },
            ErrorKind::Form { message: text() },
            ErrorKind::Registry { message: text() },
            ErrorKind::Reader { format: "x", detail: text() },
            ErrorKind::Timeout { seconds: 1 },
            ErrorKind::OutOfMemory,
            ErrorKind::Crashed { detail: text() },
            ErrorKind::NoPages { format: "x" },
            ErrorKind::NoSuchPage { page: 2, pages: 1 },
            ErrorKind::Models { detail: Text::default() },
            ErrorKind::Internal { detail: text() },
        ];
        assert!(all.iter().all(is_listed));
        all
    }

    #[test]
    fn every_error_has_its_text_and_no_text_is_left_over() {
        let kinds: Vec<&str> = one_of_each().iter().map(ErrorKind::code).collect();
        let documented: Vec<&str> = ERRORS.iter().map(|doc| doc.code).collect();
        assert_eq!(kinds, documented);
    }

    #[test]
    fn every_code_is_listed_once() {
        let mut names: Vec<&str> = codes(Lang::En).into_iter().map(|(code, _, _)| code).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(explain("no-such-code", Lang::Zh).is_none());
    }
}
