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
    NoText "no-text" Warning Reading
        help: "install the models that read pictures and read again: `pip download --no-deps rapidocr==3.10.0`, then `gouji models install --from rapidocr-3.10.0-py3-none-any.whl`; where they are installed and recognised nothing, ask the publisher for the original" / "请安装识别图片的模型后重新读取：先运行 `pip download --no-deps rapidocr==3.10.0`，再运行 `gouji models install --from rapidocr-3.10.0-py3-none-any.whl`；若已安装而未能识别，请向发布机关索取原始文件",
        says: "The page's writing is a picture or drawn as outlines: there are no characters to read." / "该页的文字是图片或矢量轮廓，没有可读取的字符。",
        matters: "Figures on that page are missing from the result." / "该页上的数字不在结果之中。",
        example: "page 2 holds no text, only a picture of it" / "第 2 页没有文字，只有图像";
    Recognised "recognised" Info Reading
        help: "nothing to do; compare the figures that are marked doubtful with the page" / "无需处理；标为存疑的数字请与页面核对",
        says: "The page's writing is a picture and was read by text recognition." / "该页的文字是图像，由文字识别读出。",
        matters: "A character may be taken for another that looks like it; a figure that was not recognised surely, and that no tie proves, is marked doubtful." / "字符可能被误认为形似的另一个；识别不确定且无勾稽关系可证明的数字，标为存疑。",
        example: "page 2 was read from its picture" / "第 2 页由其图像识别读取";
    OcrLayer "ocr-layer" Warning Reading
        help: "compare the page with its picture; hidden text is used only where it agrees with the picture or ties prove it" / "请对照页面图像；隐藏文字仅在与图像一致或有勾稽关系证明时采用",
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
    PartExceedsWhole "part-exceeds-whole" Info Source
        help: "compare the two cells" / "请核对这两个单元格",
        says: "A figure that the form calls part of another is larger than it." / "“其中”项大于其所属项。",
        matters: "Either figure may be wrong, or the publisher counted the two differently." / "可能有一处填错，也可能两处口径不同。",
        example: "press conferences by the leader 5, press conferences 3" / "主要负责同志参加新闻发布会 5 次，新闻发布会总次数 3 次";
    SmallestMend "smallest-mend" Info Source
        help: "look at the named cells first; gouji changes nothing" / "请先核对所列单元格；本程序不改动任何数字",
        says: "The fewest cells whose change would make all failing ties of a table hold, with the figures they would need." / "使一张表中全部不成立的勾稽关系都成立所需改动的最少单元格，及其应有数值。",
        matters: "One wrong figure breaks a row tie and a column tie; where they cross is the cell to look at." / "一个错数会同时破坏一条行关系和一条列关系，交叉处即应首先核对的单元格。",
        example: "granted/natural_person 12 -> 13 mends 3 ties" / "“予以公开”自然人 12 → 13，可使 3 条关系成立";
    CellRepaired "cell-repaired" Info Reading
        help: "see `repairs`; compare with the document if the figure matters" / "详见 repairs；如该数字重要，请与原件核对",
        says: "A cell could be read in more than one way and the ties left only one of them." / "单元格有多种读法，勾稽关系只容许其中一种。",
        matters: "The figure is supported by arithmetic, not by the first look at the ink." / "该数字由算术关系支持，而非初次识读结果。",
        example: "`6` and `0` in neighbouring cells are one `60`" / "相邻两格的“6”“0”实为“60”";
    Undetermined "undetermined" Warning Undetermined
        help: "look at the place in the document and choose; do not use the figure before" / "请对照原件判定；此前请勿使用该数字",
        says: "A cell may say several things and the ties do not decide between them." / "单元格有多种可能的读法，勾稽关系无法判定。",
        matters: "The figure given is the first reading, and it may be wrong." / "所给数字为第一种读法，可能有误。",
        example: "`3` may stand under 科研机构 or 社会公益组织" / "“3”可能属“科研机构”，也可能属“社会公益组织”";
    CellDoubtful "cell-doubtful" Warning Reading
        help: "compare the named cells with the document" / "请将所列单元格与原件核对",
        says: "The ink or the place of a cell is not sure, and no tie proves what was read." / "单元格的墨迹或位置不确定，且无勾稽关系可证明读数。",
        matters: "The figure may be misread: characters overlap, cross a line, or stand between two columns." / "可能误读：字符重叠、跨线，或位于两列之间。",
        example: "a run of digits crosses the border to the next cell" / "一串数字越过单元格边线";
    CellUnread "cell-unread" Warning Reading
        help: "read the cell in the document" / "请查看原件中的该单元格",
        says: "A cell holds something that is neither a number, a blank nor a known sign for none." / "单元格内容既非数字、空白，也非表示“无”的符号。",
        matters: "Letters that look like digits, broken numbers and words are kept as printed and never guessed." / "形似数字的字母、残缺数字和文字一律照录，不作猜测。",
        example: "`O` for 0, `1,13`, `未增未减`" / "以“O”代 0、“1,13”、“未增未减”";
    PositionOnly "position-only" Warning Undetermined
        help: "check the columns of one or two rows against the document" / "请对照原件核对其中一两行的列位",
        says: "Which row or column a cell belongs to follows only from its place in an order; no label says so." / "单元格所属行列仅由先后顺序推定，没有标题印证。",
        matters: "Ties can hold in several columns: 29 = 29 under 自然人 is as good as under 商业企业." / "同样的等式在不同列都能成立：自然人 29 = 29 与商业企业 29 = 29 无从区分。",
        example: "a text copy that dropped blank cells: `29 29` in seven columns" / "文本副本丢失了空白单元格：七列中只剩“29 29”";
    NumberJoined "number-joined" Info Reading
        help: "compare with the document if the figure matters" / "如该数字重要，请与原件核对",
        says: "Digits printed on two lines, or spaced apart, were read as one number; no tie covers it." / "分两行或隔开印刷的数字按一个数读取，且无勾稽关系可验证。",
        matters: "Narrow cells wrap long numbers; two numbers in one cell would look the same." / "窄格会使长数字换行；一格内的两个数字看起来也是如此。",
        example: "`11751` over `1` read as 117511" / "“11751”与下一行“1”读为 117511";
    UnitInCell "unit-in-cell" Warning Source
        help: "mind the unit of the cell before adding or comparing" / "相加或比较之前请注意该单元格的单位",
        says: "A unit is typed in the cell and it is not the one of the form; the cell carries the typed unit." / "单元格内写有与表式不同的单位；该单元格按所写单位给出。",
        matters: "251000元 in a 万元 column is 25.1 of the column's unit." / "万元栏内的“251000元”折合本栏单位仅为 25.1。",
        example: "`251000元` under 收费金额（单位：万元）" / "“收费金额（单位：万元）”栏内写“251000元”";
    RemarkInCell "remark-in-cell" Info Source
        help: "the number is the one before the words or the raised digit; `raw` keeps both" / "数值取说明或上标之前的数字；raw 保留原文",
        says: "Words or a raised digit stand behind the number in a cell." / "单元格内数字之后带有说明文字或上标。",
        matters: "The remark may narrow or widen what is counted; a raised digit marks a note or is a power." / "说明可能改变统计口径；上标可能是注释标记，也可能是乘方。",
        example: "`22（其中修订 16 件）` is 22" / "“22（其中修订 16 件）”取 22";
    WordedNumber "worded-number" Info Source
        help: "read the sign from the words: 减3 is most likely -3" / "请按文字判断正负：“减3”多指 -3",
        says: "A cell states a rise or a fall in words; it is kept as text." / "单元格以文字表示增减，按文字保留。",
        matters: "gouji gives numbers as printed, and no minus is printed here." / "本程序只给出印出的数字，而此处并未印负号。",
        example: "`减3` under 本年增/减" / "“本年增/减”栏内写“减3”";
    ClaimMismatch "claim-mismatch" Warning Source
        help: "compare the sentence with the cells; they may count different things" / "请将该句与所列单元格核对；两者口径可能不同",
        says: "A figure in the prose agrees with no reading of the table that it seems to be about." / "正文中的数字与表中任何相应口径都不一致。",
        matters: "One of the two is wrong, or the sentence counts another scope or period." / "其一有误，或该句的范围、时段与表不同。",
        example: "prose: 受理申请 45 件; table: new 40, new and carried over 42" / "正文：受理申请 45 件；表：新收 40，新收加结转 42";
    ClaimScope "claim-scope" Info Source
        help: "nothing, if the sentence is about a part of what the table counts" / "如该句只涉及表中范围的一部分，则无须处理",
        says: "A figure in the prose is smaller than the table's and its sentence names a narrower scope." / "正文数字小于表中数字，且该句所述范围较窄。",
        matters: "It is most likely right; it should not be compared with the table." / "多半无误；不应与表中数字比较。",
        example: "区政府办受理 17 件 beside a table of the whole district with 95" / "“区政府办受理 17 件”，而全区表中为 95";
    AboveAuthority "above-authority" Warning Source
        help: "ask the publisher; the figure usually belongs one row down" / "请向发布机关核实；该数通常应填入下一行",
        says: "The issuer has no power to make regulations (规章), yet the table counts some." / "发布机关无权制定规章，而表中规章数大于零。",
        matters: "Sums of regulations over many reports are inflated by such entries." / "汇总规章数量时会因此虚增。",
        example: "a township reports 6 regulations in force" / "某镇填报现行有效规章 6 件";
    Magnitude "magnitude" Warning Source
        help: "compare with the year before; divide by 10,000 only after the publisher confirmed it" / "请与上年比较；经发布机关确认后方可除以一万",
        says: "An amount is so large for its issuer that it was probably typed in yuan under a heading of 万元." / "金额对该机关而言过大，可能以元填入万元栏。",
        matters: "The figure would be ten thousand times too large." / "数值可能放大一万倍。",
        example: "a county bureau collecting 119253.55 万元 in fees" / "某县局收费 119253.55 万元";
    OddCount "odd-count" Warning Source
        help: "compare the cell with the document" / "请将该单元格与原件核对",
        says: "A count is negative or not a whole number." / "件数为负数或非整数。",
        matters: "Cases cannot be fractions; the figure is wrong or stands in the wrong cell." / "件数不可能是小数；数字有误或填错位置。",
        example: "`0.5` under 本年制发件数" / "“本年制发件数”为 0.5";

    // ---- dataset ----
    ValueNotStored "value-not-stored" Warning Source
        help: "take the figure from raw; compare it with the document" / "请采用 raw 中的字符，并与原件核对",
        says: "A number has more decimals than a dataset stores, so its value is empty there; raw has all of its digits." / "数字的小数位数超过数据集的存储位数，其 value 为空；raw 中有全部数字。",
        matters: "A rounded figure would no longer be the published one. Such decimals mostly come from a formula." / "取整后便不再是公布的数字；此类小数多由公式产生。",
        example: "fees of 2436.73333333333 万元" / "收费金额 2436.73333333333 万元";

    // ---- second reading ----
    SecondReadingDiffers "second-reading-differs" Warning Reading
        help: "compare the cell with the document; do not use the figure before" / "请将该单元格与原件核对；此前请勿使用该数字",
        says: "Another decoder reads other figures in the box of this number; the number given is the first reading." / "另一解码程序在该数字所在位置读出不同的数字；所给数字为首次读数。",
        matters: "One of the two readings is wrong, and nothing in the file says which." / "两次读数必有一误，而文件本身无法说明是哪一次。",
        example: "read as \"42\", and as \"47\" by another decoder" / "首次读作“42”，另一解码程序读作“47”";
    SecondReadingIncomplete "second-reading-incomplete" Info Reading
        help: "nothing is wrong; these numbers rest on one reading, as all do without --second-reading" / "并无错误；这些数字只有一次读数，与未使用 --second-reading 时相同",
        says: "Some numbers could not be read a second time." / "有数字无法再次读取。",
        matters: "That a number was not read again is no agreement: it is as sure as it was before." / "未能再次读取不等于一致：其可靠程度与此前相同。",
        example: "4 of 175 numbers could not be read a second time: 4 where it finds no character" / "175 个数字中有 4 个无法再次读取：4 个所在位置未找到字符";
    // ---- corpus: between reports ----
    YearsDiffer "years-differ" Warning Documents
        help: "compare the named cells of both reports; look for a note on a new count or scope" / "请核对两份报告的所列单元格，并查找有无调整口径的说明",
        says: "A figure does not follow from last year's report: a tie of the form between two years does not hold." / "数字与上一年度的报告不衔接：表式规定的跨年勾稽关系不成立。",
        matters: "One of the two reports is wrong, or the figures were counted anew; a series over the years breaks here." / "两份报告之一有误，或数字已重新统计；跨年序列在此中断。",
        example: "103 carried forward in 2024, 77 carried over in 2025" / "2024 年结转下年度 103 件，2025 年上年结转 77 件";
    UnitsDiffer "units-differ" Warning Documents
        help: "compare the upper report with those of its units; see that the registry names the right units" / "请将上级报告与下级各报告核对，并确认名录中的隶属关系",
        says: "A figure of an upper unit is smaller than the sum of its units', or the only one that is not the sum." / "上级单位的数字小于下级合计，或唯独该数不等于下级合计。",
        matters: "A report for a whole area adds up its units; a unit was left out, changed later, or a sum is wrong." / "汇总报告应为下级之和；可能漏计、事后更改或求和有误。",
        example: "penalties: city 3594, its four units together 3592" / "行政处罚：市 3594，四个下级合计 3592";
    FormatsDiffer "formats-differ" Warning Documents
        help: "compare the named cells in both files; ask the publisher which one counts" / "请核对两个文件的所列单元格，并向发布机关确认以何者为准",
        says: "The same report gives different figures in two formats." / "同一份报告的两种格式给出不同的数字。",
        matters: "Which figure a reader gets hangs on which file he opens." / "读者看到哪个数字取决于打开哪个文件。",
        example: "granted 84 on the web page, 48 in the attached PDF" / "网页为予以公开 84 件，所附 PDF 为 48 件";
    FigureJump "figure-jump" Warning Documents
        help: "compare both cells with the documents and mind the unit" / "请将两个单元格与原件核对，并注意单位",
        says: "A figure is a thousand times larger or smaller than last year's." / "数字为上一年度的千倍以上或千分之一以下。",
        matters: "Such figures were mostly typed in another unit, such as yuan under 万元." / "多因填错单位，例如将元填入万元栏。",
        example: "fees of 24.5 last year and 245000 this year under 万元" / "“万元”栏上年为 24.5，本年为 245000";
    FiguresCopied "figures-copied" Warning Documents
        help: "compare the reports; one of them was most likely copied" / "请核对这些报告，其中多有照抄",
        says: "Reports of different issuers or years have the same figure in every cell." / "不同机构或不同年度的报告，所有单元格的数字完全相同。",
        matters: "At least one of them does not say what its issuer did in its year." / "其中至少一份没有反映该机构该年度的实际情况。",
        example: "two bureaus of a county with 200 equal cells" / "一县两局的 200 个单元格完全相同";
    ProseCopied "prose-copied" Info Documents
        help: "read both reports; a share of common wording is normal, for the form prescribes much of it" / "请阅读两份报告；因格式固定，部分文字相同属正常",
        says: "More than half of a report's wording stands in last year's report too; figures are left out." / "报告文字有一半以上与上一年度相同（不计数字）。",
        matters: "The share is that of runs of six characters found in both. Published rules for grading take points off above 50 %." / "该比例为两份报告共有的六字片段所占比例；有的评分办法对重复率超过 50% 的予以扣分。",
        example: "about 87 % of the wording is last year's" / "文字约有 87% 与上一年度相同";
    StaleYear "stale-year" Warning Source
        help: "read the sentence; ask the publisher whether the figures are of the right year" / "请查看该句，并向发布机关核实数据所属年度",
        says: "A report says that it is about another year than that of its title." / "报告正文所述期间与标题年度不符。",
        matters: "Text was left over from an older report; figures may have been too." / "文字沿用旧报告，数字也可能如此。",
        example: "a report of 2021 with 统计期限自2020年1月1日" / "2021 年的报告写“统计期限自2020年1月1日”";
    IssuerAmbiguous "issuer-ambiguous" Warning Documents
        help: "give a registry with --registry, or leave out the report that does not belong" / "请用 --registry 提供名录，或去掉不属于此处的报告",
        says: "Several different reports claim to be of one issuer and year." / "有多份不同的报告标为同一机构同一年度。",
        matters: "Which one ties to other years and units cannot be told, so none is tied." / "无法判定哪一份与其他年度、单位衔接，故均不比较。",
        example: "two reports of 城关镇人民政府 for 2024 from different counties" / "两县各有一份“城关镇人民政府”2024 年报告";
    IssuerUnregistered "issuer-unregistered" Warning Undetermined
        help: "add the name to the registry, as a variant of the unit that it means" / "请将该名称加入名录，作为相应单位的别名",
        says: "The printed name of an issuer is not in the registry that was given." / "报告所写的机构名称不在所给名录中。",
        matters: "Its report is tied to no other; nothing is guessed from names that look alike." / "该报告不与其他报告比较；不以名称相近作推测。",
        example: "`青禾县人民政府办` where the registry has 青禾县人民政府办公室" / "报告写“青禾县人民政府办”，名录中为“青禾县人民政府办公室”";
    IssuerMissing "issuer-missing" Warning Undetermined
        help: "look in the document for the issuer and year" / "请在原件中查找机构名称和年度",
        says: "No issuer or no year was found in a report." / "报告中未找到机构名称或年度。",
        matters: "The report is tied to no other." / "该报告不与其他报告比较。",
        example: "a title without a year and no date below the text" / "标题无年度，文末无日期";
}
