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
    NoText "no-text" Warning Reading
        help: "run text recognition on the page, or ask the publisher for the original" / "请对该页做文字识别，或向发布机关索取原始文件",
        says: "The page's writing is a picture or drawn as outlines: there are no characters to read." / "该页的文字是图片或矢量轮廓，没有可读取的字符。",
        matters: "Figures on that page are missing from the result." / "该页上的数字不在结果之中。",
        example: "page 2 holds no text, only a picture of it" / "第 2 页没有文字，只有图像";
    OcrLayer "ocr-layer" Warning Reading
        help: "compare the page with its picture; recognised text is not used as it stands" / "请对照页面图像；识别出的文字不会直接采用",
        says: "The page is a picture with text from an earlier recognition hidden beneath it." / "该页是图片，其下附有先前识别得到的隐藏文字。",
        matters: "Nobody sees the hidden text, so nobody has corrected it." / "隐藏文字无人看见，也就无人校对。",
        example: "page 1 is a picture with recognised text beneath it" / "第 1 页是图片，其下附有识别出的文字";
    NoUnicode "no-unicode" Warning Reading
        help: "open the file and compare the cells that are marked unreadable" / "请打开文件核对标为无法辨认的单元格",
        says: "A font does not say which characters its glyphs are; they stand as U+FFFD." / "某字体未说明其字形对应的字符，以 U+FFFD 代替。",
        matters: "What a person reads there a program cannot; nothing is guessed." / "人能读出而程序读不出；此处不作猜测。",
        example: "the font \"E-BZ\" does not say which characters its glyphs are" / "字体“E-BZ”未说明其字形对应的字符";
    Truncated "truncated" Error Reading
        help: "fetch the file again; the copy is incomplete" / "文件不完整，请重新获取",
        says: "Part of the file is missing or damaged, the rest was read." / "文件有一部分缺失或损坏，其余已读取。",
        matters: "Tables or rows may be missing from the result." / "结果中可能缺少表格或行。",
        example: "the file promises 6 pages, 4 were found" / "文件应有 6 页，仅找到 4 页";

    // ---- grid ----
    PageTooDense "page-too-dense" Warning Reading
        help: "look at the page; if it holds a table, it has to be read by hand" / "请查看该页；如有表格，需人工读取",
        says: "The page has more ruling lines than any table: it was read as text only." / "该页线条数量超过任何表格，仅按文字读取。",
        matters: "Drawings are not tables; but a table on the same page was not looked for either." / "图形不是表格；但该页若有表格也未被查找。",
        example: "page 7: a map of 80,000 line pieces" / "第7页：由八万条线段组成的地图";
    TableTooLarge "table-too-large" Error Reading
        help: "if the file is trusted, raise --limit cells=N" / "若文件可信，可用 --limit cells=N 调高上限",
        says: "A table has more cells than the limit allows and was left out." / "表格的单元格数超过上限，未读取。",
        matters: "Its figures are missing from the result." / "该表的数字不在结果之中。",
        example: "a row of 20,000 cells repeated 20,000 times" / "两万行、每行两万个单元格";
    SpansOverlap "spans-overlap" Warning Reading
        help: "compare the table with the document" / "请与原文核对该表格",
        says: "Cells of a table overlap as their spans are stated." / "表格单元格按其声明的跨度相互重叠。",
        matters: "Programs draw such a table in different ways, so a cell may belong to another column." / "不同程序对此类表格的显示不一，单元格可能属于另一列。",
        example: "a cell over three columns where the second is taken by a cell from the row above" / "某单元格跨三列，而第二列已被上一行的单元格占用";
    RowShort "row-short" Info Reading
        help: "compare the row with the document" / "请与原文核对该行",
        says: "A row of a table has fewer cells than the others." / "表格中有一行的单元格少于其他行。",
        matters: "Blank cells were added at its end; a cell left out further ahead would have moved its values." / "已在行末补空白单元格；若缺失的单元格在前，其后各值会错位。",
        example: "six cells in a row of a table of seven columns" / "七列的表格中有一行只有六个单元格";

    // ---- bind ----
    FormMixed "form-mixed" Info Source
        help: "nothing has to be done; compare figures between years only where the edition is the same" / "无需处理；跨年比较时请只比较相同格式的部分",
        says: "Parts of the report follow another edition of the form than the rest." / "报告的部分内容采用了另一版本的表式。",
        matters: "The editions count different things under similar labels." / "不同版本中名称相近的栏目，统计口径不同。",
        example: "a 2023 report whose applications table has the one-row （六）其他处理 of 2019" / "2023年报告的申请表仍用2019年格式的单行（六）其他处理";
    TableMissing "table-missing" Error Undetermined
        help: "look in the document for the table; it may be an image, or replaced by prose" / "请在原文中查找该表，可能是图片，或仅以文字叙述",
        says: "A table of the form was not found in the report." / "报告中未找到表式规定的某张表。",
        matters: "Its figures are missing from the output; the report is not complete." / "输出中缺少该表数据，报告不完整。",
        example: "review_litigation was not found" / "未找到行政复议、行政诉讼表";

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
