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
    HiddenSheet "hidden-sheet" Info Reading
        help: "look at the sheet if figures are missing" / "若缺少数字，请查看该工作表",
        says: "A sheet of the workbook is hidden and was not read." / "工作簿中有隐藏的工作表，未读取。",
        matters: "Hidden sheets often hold drafts or last year's figures; they are not what is published." / "隐藏工作表常为草稿或往年数据，不属于公布内容。",
        example: "a hidden sheet 2023年 beside the visible 2024年" / "可见的“2024年”旁有隐藏的“2023年”";
    HiddenRows "hidden-rows" Warning Reading
        help: "compare the table with the sheet as it is shown" / "请与工作表的显示内容核对",
        says: "Rows or columns of a sheet are hidden; they were read all the same." / "工作表中有隐藏的行或列，仍已读取。",
        matters: "A hidden row may hold an old figure that is not meant to be published." / "隐藏行可能含有不拟公布的旧数字。",
        example: "row 7 between two visible rows" / "第 7 行夹在两个可见行之间";
    FormulaUnknown "formula-unknown" Warning Reading
        help: "open the file, let it calculate, and save it" / "请打开文件，重新计算后保存",
        says: "A cell holds a formula whose result is not stored; it was read as blank." / "单元格含公式但未存有结果，按空白读取。",
        matters: "The figure that is shown on screen is missing from the result." / "屏幕上显示的数字不在结果之中。",
        example: "a total written by a program that does not calculate" / "由不计算的程序写入的合计公式";
    ForeignPart "foreign-part" Warning Reading
        help: "open the file, save it again, and read that" / "请打开文件另存后再读取",
        says: "A part of the text lies in another format inside the file and was not read." / "文件内有部分内容以其他格式嵌入，未读取。",
        matters: "Figures in that part are missing from the result." / "该部分的数字不在结果之中。",
        example: "a web page stored as a piece of a Word document" / "Word 文档中以网页形式嵌入的片段";
    EmbeddedObject "embedded-object" Warning Reading
        help: "look at the object in the document" / "请在文档中查看该对象",
        says: "The document shows an embedded object whose content was not read." / "文档中有嵌入对象，其内容未读取。",
        matters: "It may be a table of figures." / "其中可能是数据表格。",
        example: "a worksheet placed in a Word document" / "嵌入 Word 的工作表";

    // ---- grid ----
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
