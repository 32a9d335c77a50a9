//! Every code a finding may carry, with the text that `gouji explain` prints.

use super::{Cause, Severity};

/// What a code means. English first, then Chinese, in each pair.
#[derive(Debug)]
pub struct CodeDoc {
    /// Its severity unless the finding says otherwise.
    pub severity: Severity,
    /// Its cause unless the finding says otherwise.
    pub cause: Cause,
    /// One line: what to do.
    pub help: (&'static str, &'static str),
    /// What it says.
    pub says: (&'static str, &'static str),
    /// Why it matters.
    pub matters: (&'static str, &'static str),
    /// An example.
    pub example: (&'static str, &'static str),
}

macro_rules! codes {
    ($( $variant:ident $name:literal $severity:ident $cause:ident
        help: $help_en:literal / $help_zh:literal,
        says: $says_en:literal / $says_zh:literal,
        matters: $matters_en:literal / $matters_zh:literal,
        example: $example_en:literal / $example_zh:literal; )*) => {
        /// The kind of a finding.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $( #[doc = $says_en] $variant, )* }

        impl Code {
            /// All codes, in the order of the documentation.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )* ];

            /// The code as printed.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )* }
            }

            /// What it means and what to do.
            #[must_use]
            pub fn doc(self) -> &'static CodeDoc {
                match self { $( Self::$variant => &CodeDoc {
                    severity: Severity::$severity,
                    cause: Cause::$cause,
                    help: ($help_en, $help_zh),
                    says: ($says_en, $says_zh),
                    matters: ($matters_en, $matters_zh),
                    example: ($example_en, $example_zh),
                }, )* }
            }

            /// The code of that name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.name() == name)
            }
        }
    };
}

codes! {
    // ---- source: what the readers say ----

    // source: text and web pages
    CharsetMismatch "charset-mismatch" Info Source
        help: "nothing to do; the text was read in the encoding that its bytes prove" / "无需处理；已按字节实际所用的编码读取",
        says: "The file declares one character encoding and is written in another." / "文件声明的字符编码与实际编码不一致。",
        matters: "A program that believes the declaration shows this file as garbage." / "按声明的编码打开会显示为乱码。",
        example: "declared as gb18030, read as UTF-8" / "声明为 gb18030，按 UTF-8 读取";
    CharactersLost "characters-lost" Warning Source
        help: "fetch the file again; if the damage is in the original, compare the marked places with the publisher's page" / "请重新获取文件；若原文件即已损坏，请与发布页面核对",
        says: "Some bytes of the text are no characters in its encoding, or were already replaced by U+FFFD when it was saved." / "部分字节在该编码中不构成字符，或保存时已被替换为 U+FFFD。",
        matters: "A lost character may be part of a label or a figure; where it stands it shows as U+FFFD." / "丢失的字符可能属于标签或数字；所在位置显示为 U+FFFD。",
        example: "3 unreadable character(s) in UTF-8 text" / "UTF-8 文本中有 3 个字符无法识别";
    ColumnsUnstated "columns-unstated" Info Reading
        help: "read the original document if there is one; a text copy does not say which column a figure is in" / "如有原始文件请直接读取；文本副本无法说明数字属于哪一栏",
        says: "A table in plain text gives the order of the figures in a row, but not their columns." / "纯文本中的表格只给出每行数字的先后，没有给出所属的栏。",
        matters: "Empty cells may have been dropped, so the third figure need not belong to the third column." / "空单元格可能已被略去，第三个数字未必属于第三栏。",
        example: "a row of 8 values below a header of 10 columns" / "表头 10 栏，而某行只有 8 个值";
    HiddenTable "hidden-table" Info Source
        help: "open the page in a browser; if the table shows after a click, save the page in that state" / "请在浏览器中打开网页；若点击后才显示该表，请在显示状态下另存",
        says: "The web page holds a table that its author hides from readers; it was left out." / "网页中有一个被隐藏的表格，未予读取。",
        matters: "What a reader of the page does not see is not published; it may be an old draft or another tab." / "读者看不到的内容不算公布，可能是旧稿或其他标签页的内容。",
        example: "a table inside an element with display:none" / "位于 display:none 元素内的表格";

    // ---- grid ----

    // ---- bind ----

    // ---- settle and check ----
    SumMismatch "sum-mismatch" Error Source
        help: "compare the printed cells with each other; the document has to be corrected by its publisher" / "请核对所列单元格；应由发布机关更正",
        says: "The parts of a total do not add up to the total that is printed." / "各分项之和与所列总计不相等。",
        matters: "One of the printed figures is wrong; which one, the tie alone cannot always tell." / "所列数字至少有一处错误；仅凭一条勾稽关系未必能指出是哪一处。",
        example: "review_litigation: 10 + 1 + 0 + 0 ≠ 0, total printed as 0" / "行政复议：10 + 1 + 0 + 0 ≠ 0，总计栏为 0";
    BalanceMismatch "balance-mismatch" Error Source
        help: "compare the four cells; the printed rule is row one plus row two equals row three plus row four" / "请核对四个单元格：第一项加第二项之和，等于第三项加第四项之和",
        says: "New and carried-over requests together differ from finished and carried-forward ones." / "新收与结转之和不等于办理结果与结转下年度之和。",
        matters: "The form prints this tie in its own header; a request was lost or counted twice." / "该勾稽关系印在表头；说明有申请漏计或重复计。",
        example: "29 + 2 ≠ 30 + 0" / "29 + 2 ≠ 30 + 0";
}
