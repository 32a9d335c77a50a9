//! Documents made of lines and stated tables, bound to the built-in forms.

use super::*;
use crate::grid;
use crate::limits::Limits;
use crate::page::{Alignment, Body, Document, FlowCell, FlowItem, FlowLine, FlowTable, Format};

/// A document from text: a line with `|` is a table row (cells may begin with `<rows x columns>`), others are paragraphs.
fn document(text: &str) -> Document {
    let mut items: Vec<FlowItem> = Vec::new();
    let place = Place::Paragraph { paragraph: 1 };
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        if !line.contains('|') {
            items.push(FlowItem::Line(FlowLine { text: line.to_owned(), place: place.clone(), heading: None }));
            continue;
        }
        let row: Vec<FlowCell> = line.trim_matches('|').split('|').map(cell).collect();
        match items.last_mut() {
            Some(FlowItem::Table(table)) => table.rows.push(row),
            _ => items.push(FlowItem::Table(FlowTable {
                rows: vec![row],
                alignment: Alignment::Placed,
                place: place.clone(),
            })),
        }
    }
    Document { format: Format::Html, body: Body::Flow(items), title: None }
}

fn cell(text: &str) -> FlowCell {
    let text = text.trim();
    let (span, text) = match text.strip_prefix('<').and_then(|t| t.split_once('>')) {
        Some((span, text)) => (span.split_once('x').unwrap(), text),
        None => (("1", "1"), text),
    };
    FlowCell {
        column: None,
        row_span: span.0.parse().unwrap(),
        column_span: span.1.parse().unwrap(),
        text: text.to_owned(),
        place: Place::Table { table: 1, row: 1, column: 1 },
    }
}

fn bound(text: &str) -> Readings {
    let blocks = grid::build(&document(text), &Limits::default(), &mut Findings::new());
    bind(&blocks, None, &Library::builtin().unwrap())
}

/// What was read: `row: raw raw …`, `?` before values whose column is open, `!` before what rests on position.
fn shown(table: &TableReading, row: &str) -> String {
    let found = table.blocks.iter().flat_map(|b| &b.rows).find(|r| r.key == row).unwrap();
    let raw = |r: &Reading| {
        let mark = if r.evidence == Evidence::Position { "!" } else { "" };
        format!("{mark}{}", if r.raw.is_empty() { "_" } else { &r.raw })
    };
    match &found.values {
        RowValues::Absent => "absent".to_owned(),
        RowValues::Loose(readings) => format!("? {}", readings.iter().map(raw).collect::<Vec<_>>().join(" ")),
        RowValues::Placed(slots) => {
            let slot = |s: &Slot| match s {
                Slot::Absent => "absent".to_owned(),
                Slot::Read(r) => raw(r),
            };
            slots.iter().map(slot).collect::<Vec<_>>().join(" ")
        }
    }
}

const HEAD: &str = "
    |<3x3>（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）|<1x7>申请人情况|
    |<2x1>自然人|<1x5>法人或其他组织|<2x1>总计|
    |商业 企业|科研机构|社会公益组织|法律服务机构|其他|
";

fn matrix(head: &str, other: &str) -> String {
    format!(
        "{head}
        |<1x3>一、本年新收政府信息公开申请数量|1|2|3|4|5|6|21|
        |<1x3>二、上年结转政府信息公开申请数量|0|0|0|0|0|0|0|
        |<9x1>三、本年度办理结果|<1x2>（一）予以公开|1|1|1|1|1|1|6|
        |<1x2>（二）部分公开|0|0|0|0|0|0|0|
        |<3x1>（三）不予公开|1.属于国家秘密|0|0|0|0|0|0|0|
        |2.其他法律行政止公开|7|0|0|0|0|0|7|
        |3.危及“三安全一稳定”| | | | | | | |
        {other}
        |<1x2>（七）总计|1|2|3|4|5|6|21|
        |<1x3>四、结转下年度继续办理|0|0|0|0|0|0|0|"
    )
}

const THREE: &str = "
    |<3x1>（六）其他处理|1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请|0|0|0|0|0|0|0|
    |2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请|0|0|0|0|0|0|0|
    |3.其他|0|1|2|3|4|5|15|";
const ONE: &str = "|<1x2>（六）其他处理|0|1|2|3|4|5|15|";

#[test]
fn rows_and_columns_are_found_by_their_labels() {
    let readings = bound(&matrix(HEAD, THREE));
    let table = &readings.reports[0].tables[0];
    assert_eq!((table.id.as_str(), table.form.as_str()), ("applications", "cn.foi-annual/2021"));
    assert_eq!(shown(table, "new_requests"), "1 2 3 4 5 6 21");
    assert_eq!(shown(table, "denied_prohibited_by_law"), "7 0 0 0 0 0 7");
    assert_eq!(shown(table, "denied_security_stability"), "_ _ _ _ _ _ _");
    assert_eq!(shown(table, "other_other"), "0 1 2 3 4 5 15");
    assert_eq!(shown(table, "unprocessed_duplicate"), "absent");
    assert_eq!(shown(table, "carried_forward"), "0 0 0 0 0 0 0");
}

#[test]
fn the_edition_is_told_from_the_rows() {
    let one_row = matrix(HEAD, ONE).replace("<9x1>", "<7x1>");
    let readings = bound(&one_row);
    let table = &readings.reports[0].tables[0];
    assert_eq!(table.form, "cn.foi-annual/2019");
    assert_eq!(shown(table, "other_processing"), "0 1 2 3 4 5 15");
}

#[test]
fn a_missing_header_over_the_last_column_is_known_by_the_count() {
    let head = HEAD.replace("总计", "");
    let readings = bound(&matrix(&head, THREE));
    assert_eq!(shown(&readings.reports[0].tables[0], "new_requests"), "1 2 3 4 5 6 21");
}

#[test]
fn a_foreign_header_there_leaves_only_the_position() {
    let head = HEAD.replace("总计", "备注说明");
    let readings = bound(&matrix(&head, THREE));
    assert_eq!(shown(&readings.reports[0].tables[0], "new_requests"), "1 2 3 4 5 6 !21");
}

#[test]
fn labels_under_the_header_of_values_show_that_columns_do_not_line_up() {
    let text = "
        |本列数据的勾稽关系| |申请人情况| | | | | |
        | | |自然人|商业企业|科研机构|社会公益组织|法律服务机构|其他|
        |一、本年新收政府信息公开申请数量| |29| | | | |29|
        |三、本年度办理结果|（一）予以公开|12| | | | |12|
        | |（三）不予公开|1.属于国家秘密|3| | | |3|";
    let readings = bound(text);
    let table = &readings.reports[0].tables[0];
    assert_eq!(shown(table, "new_requests"), "? !29 !_ !_ !_ !_ !29");
    assert_eq!(shown(table, "denied_state_secret"), "? !3 !_ !_ !_ !3");
}

#[test]
fn blocks_of_two_editions_in_one_table_are_told_apart() {
    let text = "
        |<1x4>第二十条第（一）项|
        |信息内容|本年新制作数量|本年新公开数量|对外公开总数量|
        |规章|0|0|1|
        |规范性文件|2|2|9|
        |<1x4>第二十条第（五）项|
        |信息内容|<1x3>本年处理决定数量|
        |行政许可|<1x3>188|
        |<1x4>第二十条第（六）项|
        |信息内容|<1x3>本年处理决定数量|
        |行政处罚|<1x3>68|
        |行政强制|<1x3> |
        |<1x4>第二十条第（八）项|
        |信息内容|<1x3>本年收费金额（单位：万元）|
        |行政事业性收费|<1x3>20.5725|";
    let readings = bound(text);
    let table = &readings.reports[0].tables[0];
    assert_eq!(table.form, "cn.foi-annual/2021");
    assert_eq!(table.blocks[0].form, "cn.foi-annual/2019");
    assert_eq!(shown(table, "normative_documents"), "2 2 9");
    assert_eq!(shown(table, "administrative_penalty"), "68");
    assert_eq!(shown(table, "administrative_coercion"), "_");
    assert_eq!(shown(table, "administrative_fee"), "20.5725");
    assert!(readings.reports[0].findings.iter().any(|f| f.code == Code::FormMixed));
}

#[test]
fn a_table_cut_in_two_is_one() {
    let whole = matrix(HEAD, THREE);
    let at = whole.find("|3.危及").unwrap();
    let (first, second) = whole.split_at(at);
    let first = first.replace("<9x1>", "<5x1>").replace("<3x1>（三）", "<2x1>（三）");
    let second = second.replacen("|3.危及", "|<5x1> |<1x1> |3.危及", 1);
    let readings = bound(&format!("{first}\n（续表）\n{second}"));
    assert_eq!(readings.reports.len(), 1);
    let table = &readings.reports[0].tables[0];
    assert_eq!(table.form, "cn.foi-annual/2021");
    assert_eq!(shown(table, "other_other"), "0 1 2 3 4 5 15");
    assert_eq!(shown(table, "carried_forward"), "0 0 0 0 0 0 0");
}

#[test]
fn the_same_table_again_begins_another_report() {
    let one = |who: &str, year: u32| {
        format!("{who}{year}年政府信息公开工作年度报告\n一、总体情况\n正文。\n{}\n", matrix(HEAD, THREE))
    };
    let readings = bound(&(one("青禾县人民政府", 2022) + &one("青禾县财政局", 2023)));
    let who: Vec<_> =
        readings.reports.iter().map(|r| (r.ordinal, r.issuer.clone().unwrap(), r.year.unwrap())).collect();
    assert_eq!(who, vec![(1, "青禾县人民政府".into(), 2022), (2, "青禾县财政局".into(), 2023)]);
    assert_eq!(readings.reports[0].sections[0].paragraphs.len(), 1);
}

#[test]
fn heading_words_alone_are_no_table() {
    let text = "目录\n一、总体情况......1\n二、主动公开政府信息情况......2\n
        |项目|数量|
        |规章|3|
        三、收到和处理政府信息公开申请情况\n全年受理申请5件。";
    let readings = bound(text);
    assert!(readings.reports.is_empty());
    assert_eq!(readings.headings_seen.len(), 3);
}

#[test]
fn labels_with_instructions_with_their_group_and_in_another_order_are_known() {
    let text = "
        |信息内容|上一年项目数量(指上年事项数)|本年增/减|处理决定数量(指办件量)|
        |行政强制|1|0|5|
        |行政处罚（含当场处罚）|2|+1|7|";
    let readings = bound(text);
    let table = &readings.reports[0].tables[0];
    assert_eq!(shown(table, "administrative_coercion"), "1 0 5");
    assert_eq!(shown(table, "administrative_penalty"), "2 +1 7");

    let merged = matrix(HEAD, ONE)
        .replace("<9x1>三、本年度办理结果|<1x2>（一）予以公开", "<1x3>三、本年度办理结果（一）予以公开");
    let merged = merged.replace("<1x2>（", "<1x3>（").replace("<3x1>（三）不予公开|", "<3x2>（三）不予公开|");
    let readings = bound(&merged);
    assert_eq!(shown(&readings.reports[0].tables[0], "granted"), "1 1 1 1 1 1 6");
}

#[test]
fn no_figure_of_a_row_is_passed_over() {
    let text = "
        |信息内容|上一年项目数量|本年增/减| |处理决定数量|
        |行政处罚|200| |5|45700|
        |行政强制|46|-6| |14199|
        |信息内容| |本年收费金额（单位：万元）| |
        |行政事业性收费| | |2297|";
    let readings = bound(text);
    let table = &readings.reports[0].tables[0];
    assert_eq!(shown(table, "administrative_penalty"), "200 5 45700");
    assert_eq!(shown(table, "administrative_coercion"), "46 -6 14199");
    let doubts = |row: &str| -> Vec<bool> {
        let found = table.blocks.iter().flat_map(|b| &b.rows).find(|r| r.key == row).unwrap();
        let RowValues::Placed(slots) = &found.values else { panic!("placed") };
        slots.iter().map(|s| matches!(s, Slot::Read(r) if r.doubt.is_some())).collect()
    };
    assert_eq!(doubts("administrative_penalty"), [false, true, true]);
    assert_eq!(doubts("administrative_coercion"), [false, false, false]);
    assert_eq!(shown(table, "administrative_fee"), "2297");
}

#[test]
fn a_figure_at_the_end_of_a_label_puts_the_blanks_of_its_row_in_doubt() {
    let text = "
        |信息内容|本年处理决定数量|
        |行政处罚 1120| |
        |行政强制|7|";
    let readings = bound(text);
    let rows = &readings.reports[0].tables[0].blocks.iter().find(|b| b.id == "article_20_6").unwrap().rows;
    let doubt = |row: &RowReading| match &row.values {
        RowValues::Placed(slots) => slots.iter().any(|s| matches!(s, Slot::Read(r) if r.doubt.is_some())),
        _ => false,
    };
    assert_eq!(rows.iter().map(doubt).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn a_label_cut_by_the_end_of_a_page_is_one() {
    let text = "
        |信息内容|本年制发件数|本年废止件数|现行有效件数|
        |规章|0|0|0|
        |行政规|4|1|9|
        |范性文件| | | |";
    assert_eq!(shown(&bound(text).reports[0].tables[0], "normative_documents"), "4 1 9");
}

#[test]
fn a_label_that_slipped_into_another_row_is_not_believed() {
    let text = "
        |信息内容|本年处理决定数量|
        | |5|
        |行政处罚|7|";
    let readings = bound(text);
    assert_eq!(shown(&readings.reports[0].tables[0], "administrative_penalty"), "!7");
}
