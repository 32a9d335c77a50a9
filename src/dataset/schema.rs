//! The tables of a dataset and what each of their columns means: one definition for files, exports and dictionaries.

use crate::text::Lang;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// A year: a whole number of 32 bits, as readers take it from the names of folders.
    Year,
    /// A number as printed, exact to [`super::SCALE`] decimals.
    Decimal,
    /// A coordinate in points, or a share.
    Float,
    /// Yes or no.
    Flag,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether every row has it.
    pub required: bool,
    /// What it means, in English.
    pub en: &'static str,
    /// What it means, in Chinese.
    pub zh: &'static str,
}

impl Column {
    /// What it means.
    pub fn about(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }
}

/// A table.
#[derive(Debug)]
pub struct Table {
    /// Its name: `cells`, `reports`, ….
    pub name: &'static str,
    /// What a row is, in English.
    pub en: &'static str,
    /// What a row is, in Chinese.
    pub zh: &'static str,
    /// Columns that together name a row; none where rows have no name.
    pub key: &'static [&'static str],
    /// Its columns.
    pub columns: &'static [Column],
}

impl Table {
    /// The position of a column.
    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == column)
    }

    /// The column a dataset's files of this table are divided by, as `year=2024/`.
    pub fn partition(&self) -> Option<&'static str> {
        (self.name == "cells").then_some("year")
    }
}

macro_rules! table {
    ($(#[$doc:meta])* $ident:ident $name:literal $key:expr, $en:literal / $zh:literal,
     $( $column:literal $kind:ident $need:ident $col_en:literal / $col_zh:literal; )*) => {
        $(#[$doc])*
        pub static $ident: Table = Table {
            name: $name,
            en: $en,
            zh: $zh,
            key: &$key,
            columns: &[ $( Column {
                name: $column, kind: Kind::$kind, required: need!($need), en: $col_en, zh: $col_zh,
            }, )* ],
        };
    };
}

macro_rules! need {
    (always) => {
        true
    };
    (maybe) => {
        false
    };
}

/// All tables, in the order in which they are written.
pub static TABLES: [&Table; 8] = [&LEDGER, &REPORTS, &CELLS, &CHECKS, &FINDINGS, &REPAIRS, &SECTIONS, &CORRECTIONS];

table! {
    /// One row an input.
    LEDGER "ledger" ["input"],
    "one row for each input, in the order of the inputs' paths" / "每个输入文件一行，按路径排序",
    "input" Text always "path of the input; `!/` stands before the name inside an archive" / "输入路径；压缩包内文件名前有 `!/`";
    "sha256" Text maybe "SHA-256 of its bytes; empty if they could not be had" / "文件字节的 SHA-256；无法取得时为空";
    "format" Text maybe "format told from its bytes" / "按字节判定的格式";
    "status" Text always "complete, partial, failed, not-a-report or duplicate" / "complete 完整、partial 部分、failed 失败、not-a-report 非报告、duplicate 重复";
    "code" Text always "stable reason; `gouji explain CODE` says more" / "原因代码，可用 `gouji explain 代码` 查看说明";
    "reports" Integer always "reports found in it" / "其中的报告数";
    "tables_found" Integer always "standard tables found" / "找到的标准表数";
    "cells_expected" Integer always "cells of the forms of these tables" / "这些表按表式应有的单元格数";
    "cells_number" Integer always "cells with a number, zero included" / "含数字（包括 0）的单元格数";
    "cells_blank" Integer always "cells printed empty" / "空白单元格数";
    "cells_doubtful" Integer always "cells not to be relied on, unreadable ones included" / "存疑（含无法辨读）的单元格数";
    "checks_pass" Integer always "ties that hold, if need be with blanks as 0" / "成立的勾稽关系数（必要时空格计为 0）";
    "checks_fail" Integer always "ties that do not hold" / "不成立的勾稽关系数";
    "checks_not_evaluable" Integer always "ties that could not be evaluated" / "无法核对的勾稽关系数";
    "form" Text maybe "editions of the form, joined with ;" / "表式版本，以 ; 相连";
    "issuer" Text maybe "issuers as printed, joined with ;" / "发布机关（原文），以 ; 相连";
    "year" Text maybe "years reported on, joined with ;" / "报告年度，以 ; 相连";
    "seconds" Float maybe "wall time of the reading; only in ledger.csv" / "读取用时（秒），仅见于 ledger.csv";
    "message" Text maybe "what was seen" / "说明";
    "help" Text maybe "what to do" / "处理办法";
    "duplicate_of" Text maybe "the input that a duplicate repeats; only in ledger.parquet" / "重复文件所重复的输入，仅见于 ledger.parquet";
}

table! {
    /// One row a report.
    REPORTS "reports" ["report_id"],
    "one row for each report; an input may hold several, duplicates are left out" / "每份报告一行；一个文件可含多份，重复文件不计",
    "report_id" Text always "first 20 digits of the input's SHA-256, a hyphen, and the report's number within it" / "输入文件 SHA-256 前 20 位、连字符与报告序号";
    "input" Text always "path of the input" / "输入路径";
    "sha256" Text always "SHA-256 of its bytes" / "文件字节的 SHA-256";
    "format" Text always "format told from its bytes" / "按字节判定的格式";
    "bytes" Integer always "size of the input" / "文件大小（字节）";
    "pages" Integer maybe "pages, for paged formats" / "页数（分页格式）";
    "ordinal" Integer always "number of the report within the input, from 1" / "报告在文件内的序号，从 1 起";
    "title" Text maybe "title as printed" / "标题（原文）";
    "issuer" Text maybe "issuer as printed" / "发布机关（原文）";
    "year" Year maybe "year reported on" / "报告年度";
    "issued_on" Text maybe "date of issue, ISO 8601" / "发布日期（ISO 8601）";
    "status" Text always "complete, partial or failed" / "complete 完整、partial 部分、failed 失败";
    "form" Text maybe "edition of most of its tables" / "多数表所用的表式版本";
    "tables_found" Integer always "standard tables found" / "找到的标准表数";
    "cells_expected" Integer always "cells of the forms of these tables" / "这些表按表式应有的单元格数";
    "cells_number" Integer always "cells with a number other than 0" / "非零数字单元格数";
    "cells_zero" Integer always "printed zeros" / "印为 0 的单元格数";
    "cells_blank" Integer always "cells printed empty" / "空白单元格数";
    "cells_mark" Integer always "cells with a printed sign for none" / "印有“无”类符号的单元格数";
    "cells_text" Integer always "cells with words that hold no single number" / "只有文字的单元格数";
    "cells_unreadable" Integer always "cells with ink but no trustworthy reading" / "无法辨读的单元格数";
    "cells_absent" Integer always "cells that this document does not have" / "文件中没有的单元格数";
    "cells_doubtful" Integer always "cells of certainty doubtful" / "存疑的单元格数";
    "checks_pass" Integer always "ties that hold, if need be with blanks as 0" / "成立的勾稽关系数（必要时空格计为 0）";
    "checks_fail" Integer always "ties that do not hold" / "不成立的勾稽关系数";
    "checks_not_evaluable" Integer always "ties that could not be evaluated" / "无法核对的勾稽关系数";
    "findings_error" Integer always "findings of severity error" / "错误级提示数";
    "findings_warning" Integer always "findings of severity warning" / "警告级提示数";
    "same_issuer_year" Integer maybe "reports in this dataset with the same printed issuer and year, this one included; empty without issuer or year" / "本数据集中发布机关（原文）与年度相同的报告数（含本份）；缺一则为空";
    "tool_version" Text always "version of gouji that read it" / "读取所用 gouji 版本";
}

table! {
    /// One row a cell.
    CELLS "cells" ["report_id", "table", "row", "column"],
    "one row for each cell of each standard table, whether the document has it or not" / "每份报告每张标准表的每个单元格一行，无论文件中有无",
    "report_id" Text always "the report" / "报告编号";
    "issuer" Text maybe "issuer as printed" / "发布机关（原文）";
    "year" Year maybe "year reported on" / "报告年度";
    "form" Text maybe "edition of the form that the cell's block follows" / "该单元格所在区块的表式版本";
    "table" Text always "table id" / "表 id";
    "row" Text always "row id" / "行 id";
    "column" Text always "column id" / "列 id";
    "row_label" Text maybe "label of the row as printed, from the outermost group" / "行标签（原文，自外层起）";
    "column_label" Text maybe "label of the column as printed, from the top" / "列标签（原文，自上层起）";
    "status" Text always "number, blank, mark, text, unreadable or absent" / "number 数字、blank 空白、mark 符号、text 文字、unreadable 无法辨读、absent 无此格";
    "value" Decimal maybe "the number as printed; empty unless status is number; nothing missing is 0" / "数字（原值）；仅 status 为 number 时有；缺失不计为 0";
    "raw" Text maybe "the characters as printed" / "原文字符";
    "unit" Text maybe "unit" / "单位";
    "certainty" Text always "what the value rests on: proved, read, position, repaired or doubtful" / "依据：proved 勾稽证实、read 读出、position 仅凭位置、repaired 由勾稽选定、doubtful 存疑";
    "total" Flag always "whether it is a total of other cells: leave these out of sums" / "是否为其他单元格的合计；求和时应排除";
    "value_corrected" Decimal maybe "a person's decision that stands beside the value, see corrections" / "人工更正值，与原值并列，见 corrections";
    "corrected" Flag always "whether a correction applies; with an empty value_corrected it says that there is no number" / "是否有人工更正；更正值为空表示没有数字";
    "second_reading" Text maybe "same, differs or not_possible; empty if no second reading was asked for" / "第二次读取：same 一致、differs 不一致、not_possible 无法读取；未要求时为空";
    "second_raw" Text maybe "what the second reading gave, where it differs" / "第二次读取的字符（不一致时）";
    "method" Text maybe "ocr where the characters were recognised from a picture; empty where the file states them" / "ocr 表示字符由图像识别；为空表示文件中即有文字";
    "place" Text maybe "where it stands, in the terms of the format" / "位置（按格式表述）";
    "page" Integer maybe "page, from 1, for paged formats" / "页码（分页格式），从 1 起";
    "x0" Float maybe "left of its box in points; origin top left" / "左边界（点），原点在左上";
    "y0" Float maybe "top" / "上边界";
    "x1" Float maybe "right" / "右边界";
    "y1" Float maybe "bottom" / "下边界";
}

table! {
    /// One row a tie and mode.
    CHECKS "checks" ["report_id", "id", "mode"],
    "one row for each tie of the form, a second one where blanks as 0 make a difference" / "每项勾稽关系一行；空格计为 0 结果不同时另有一行",
    "report_id" Text always "the report" / "报告编号";
    "year" Year maybe "year reported on" / "报告年度";
    "id" Text always "table, rule and instance" / "表、规则与实例";
    "rule" Text always "rule" / "规则";
    "table" Text always "table id" / "表 id";
    "mode" Text always "strict: printed numbers only; blank_as_zero: blanks and marks count as 0" / "strict 仅计印出数字；blank_as_zero 空白与符号计为 0";
    "verdict" Text always "pass, fail or not_evaluable, which is never a pass" / "pass 成立、fail 不成立、not_evaluable 无法核对（不算成立）";
    "left" Decimal maybe "sum of the left side" / "左侧之和";
    "right" Decimal maybe "sum of the right side" / "右侧之和";
    "cells" Text always "cells it rests on, as table/row/column, joined with blanks" / "所依单元格（表/行/列），以空格相连";
    "soft" Flag always "whether a failure is only worth knowing" / "不成立时是否仅供参考";
}

table! {
    /// One row a finding.
    FINDINGS "findings" [],
    "one row for each thing a person should know" / "每条提示一行",
    "report_id" Text always "the report" / "报告编号";
    "year" Year maybe "year reported on" / "报告年度";
    "code" Text always "stable code; `gouji explain CODE` says more" / "代码，可用 `gouji explain 代码` 查看说明";
    "severity" Text always "info, warning or error" / "info 供参考、warning 警告、error 错误";
    "cause" Text always "source, reading, undetermined or documents" / "source 原文有误、reading 可能读错、undetermined 无法判定、documents 文件之间不一致";
    "message" Text always "what was seen" / "说明";
    "help" Text always "what to do" / "处理办法";
    "cells" Text maybe "cells it is about, as table/row/column, joined with blanks" / "相关单元格（表/行/列），以空格相连";
    "place" Text maybe "where to look" / "位置";
    "page" Integer maybe "page, from 1" / "页码，从 1 起";
    "evidence" Text maybe "the printed words it rests on" / "原文依据";
}

table! {
    /// One row a disclosed choice.
    REPAIRS "repairs" [],
    "one row for each cell whose reading was chosen among several" / "每个由多种读法中选定的单元格一行",
    "report_id" Text always "the report" / "报告编号";
    "year" Year maybe "year reported on" / "报告年度";
    "cell" Text always "the cell, as table/row/column" / "单元格（表/行/列）";
    "before" Text maybe "what the first reading gave" / "最初读法";
    "after" Text maybe "what was chosen" / "选定读法";
    "ties" Text maybe "ids of the checks that chose it, joined with blanks" / "所依勾稽关系 id，以空格相连";
    "unique" Flag always "whether no other reading satisfies them" / "是否为唯一满足者";
    "reason" Text always "why another reading was possible" / "为何另有读法";
}

table! {
    /// One row a chapter.
    SECTIONS "sections" [],
    "one row for each chapter's prose" / "每个章节的正文一行",
    "report_id" Text always "the report" / "报告编号";
    "year" Year maybe "year reported on" / "报告年度";
    "number" Text maybe "number as printed" / "序号（原文）";
    "id" Text always "the form's id for it" / "章节 id";
    "title" Text maybe "title as printed" / "标题（原文）";
    "text" Text maybe "its prose, a paragraph a line" / "正文，每段一行";
    "place" Text maybe "where its heading stands" / "标题位置";
    "page" Integer maybe "page, from 1" / "页码，从 1 起";
}

table! {
    /// One row a human decision.
    CORRECTIONS "corrections" [],
    "one row for each human decision in corrections.jsonl" / "corrections.jsonl 中每条人工决定一行",
    "line" Integer always "line in corrections.jsonl" / "在 corrections.jsonl 中的行号";
    "state" Text always "applied or stale" / "applied 已应用、stale 已失效";
    "reason" Text maybe "why it is stale" / "失效原因";
    "report_id" Text maybe "the report, where the dataset has it" / "报告编号（数据集中有时）";
    "sha256" Text always "SHA-256 of the file it is about" / "所涉文件的 SHA-256";
    "cell" Text always "the cell, as table/row/column" / "单元格（表/行/列）";
    "seen" Text maybe "the characters that the person saw in the output" / "决定时所见字符";
    "value_corrected" Decimal maybe "the decision; empty for no number" / "更正值；空表示没有数字";
    "by" Text always "who decided" / "决定人";
    "on" Text always "when, ISO 8601" / "日期（ISO 8601）";
    "why" Text always "why" / "理由";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_plain_and_keys_are_columns_that_every_row_has() {
        for table in TABLES {
            let names: BTreeSet<&str> = table.columns.iter().map(|column| column.name).collect();
            assert_eq!(names.len(), table.columns.len(), "{}", table.name);
            let plain = |name: &str| name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
            assert!(names.iter().all(|name| plain(name)), "{}", table.name);
            for key in table.key {
                assert!(table.columns.iter().any(|column| column.name == *key && column.required), "{key}");
            }
        }
    }
}
