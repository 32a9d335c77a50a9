//! Pages made in the test, read.

use super::*;
use crate::limits::Limits;
use crate::page::{FlowCell, FlowItem};
use crate::place::Place;

fn document(html: &str) -> Document {
    read(html.as_bytes(), &Options::default(), &mut Findings::new()).unwrap()
}

/// Lines as they are, tables as rows of cells between bars, spans behind a cell as `rows×columns`.
fn shown(html: &str) -> Vec<String> {
    let Body::Flow(items) = document(html).body else { panic!("pages") };
    let cell = |c: &FlowCell| {
        let spans = if (c.row_span, c.column_span) == (1, 1) {
            String::new()
        } else {
            format!(" {}×{}", c.row_span, c.column_span)
        };
        c.text.clone() + &spans
    };
    let row = |row: &Vec<FlowCell>| row.iter().map(cell).collect::<Vec<_>>().join("|");
    let show = |item: &FlowItem| match item {
        FlowItem::Line(line) => line.heading.map_or(String::new(), |h| format!("h{h} ")) + &line.text,
        FlowItem::Table(table) => format!("[{}]", table.rows.iter().map(row).collect::<Vec<_>>().join(" / ")),
    };
    items.iter().map(show).collect()
}

fn refused(html: &str) -> String {
    read(html.as_bytes(), &Options::default(), &mut Findings::new()).unwrap_err().to_string()
}

#[test]
fn lines_follow_blocks_and_headings_keep_their_level() {
    let page = "<h1>某局<br>年度报告</h1><p>一、<b>总体</b>\n情况<br>第二行<div>第三</div></p><ul><li>甲<li>乙</ul>";
    assert_eq!(shown(page), ["h1 某局年度报告", "一、总体情况", "第二行", "第三", "甲", "乙"]);
}

#[test]
fn what_a_reader_does_not_see_is_left_out() {
    let seen = "见".repeat(60);
    let page = format!(
        "<title>t</title><p>{seen}<script>不</script><style>不</style><!-- 不 --><span hidden>不</span>\
        <span style='DISPLAY: none'>不</span><span style='visibility:hidden'>不</span><o:p>&nbsp;</o:p>\
        <![if !supportEmptyParas]>&nbsp;<![endif]><template>不</template><noscript>不</noscript></p>"
    );
    assert_eq!(shown(&page), [seen]);
}

#[test]
fn hidden_tables_are_reported() {
    let mut findings = Findings::new();
    let page = "<p>见</p><div style='display:none'><table><tr><td>1<td>2</table></div>";
    read(page.as_bytes(), &Options::default(), &mut findings).unwrap();
    assert_eq!(findings.iter().map(|f| f.code.name()).collect::<Vec<_>>(), ["hidden-table"]);
}

#[test]
fn cells_keep_spans_and_lines() {
    let page = "<table><tr><td rowspan=22>甲<td colspan='2;'><p>结果</p><p>维持</p><td>&nbsp;\u{3000}\
        <tr><td>1<br>2<td>3<td style='visibility:hidden'>9<td style='display:none'>8</table>";
    assert_eq!(shown(page), ["[甲 2×1|结果\n维持 1×2| / 1\n2|3|]"]);
}

#[test]
fn raised_digits_make_no_other_figure() {
    let page = "<table><tr><td>3299<sup>3</sup><td>1,251 <sup><a href=#n>1</a>,<b>2</b></sup><td>甲<sup>1</sup><td>m<sup>2</sup>\
        <tr><td>7<span style='font-size: 8px; Vertical-Align: super'>1</span>件<td>12<sub>3</sub><td>CO<sub>2</sub>\
        <td style='vertical-align:super'>12</table>";
    assert_eq!(shown(page), ["[3299³|1,251 ¹,²|甲¹|m2 / 7¹件|12₃|CO2|12]"]);
    // Only what is in the line is raised, however long the element goes on.
    assert_eq!(shown("<div>共12<sup>1<p>3</p><table><tr><td>4<td>5</table>6"), ["共12¹", "3", "[4|5]", "⁶"]);
}

#[test]
fn spans_end_with_their_section_and_sections_are_put_in_order() {
    let page =
        "<table><tfoot><tr><td>计<td>3</tfoot><tbody><tr><td rowspan=9>甲<td>1<tr><td>2<thead><tr><th>名<th>数</table>";
    assert_eq!(shown(page), ["[名|数 / 甲 2×1|1 / 2 / 计|3]"]);
    assert_eq!(shown("<table><tr><td rowspan=0>甲<td>1<tr><td>2<tr><td>3</table>"), ["[甲 3×1|1 / 2 / 3]"]);
}

#[test]
fn places_are_grid_positions() {
    let page = "<table><tr><td rowspan=2>甲<td colspan=2>乙<tr><td>1<td>2</table>";
    let Body::Flow(items) = document(page).body else { panic!("pages") };
    let FlowItem::Table(table) = &items[0] else { panic!("line") };
    assert_eq!(table.rows[1][1].place, Place::Table { table: 1, row: 2, column: 3 });
}

#[test]
fn layout_tables_come_apart_and_data_tables_stay_whole() {
    let data = "<table><tr><td>规章<td>1<tr><td>文件<td>2</table>";
    let page = format!(
        "<table width=100%><tr><td colspan=300>站名<tr><td>左栏<td colspan=299><h2>一、总体</h2><p>前</p>{data}<p>后</p><tr><td>底</table>"
    );
    assert_eq!(shown(&page), ["站名", "左栏", "h2 一、总体", "前", "[规章|1 / 文件|2]", "后", "底"]);
    // A frame around one cell is no table, in a cell or outside.
    assert_eq!(
        shown("<table><tr><td>规章<td><table><tr><td>1</table><tr><td>文件<td>2</table>"),
        ["[规章|1 / 文件|2]"]
    );
}

#[test]
fn prose_and_chapters_within_the_table_of_data_become_lines() {
    let prose = "本年度本机关主动公开政府信息若干条，".repeat(5);
    let page = format!(
        "<table><tr><td colspan=12>二、主动公开政府信息情况<tr><td colspan=12><p>{prose}</p>\
        <tr><td colspan=12>第二十条第（一）项<tr><td colspan=6>规章<td colspan=6>1\
        <tr><td colspan=12>三、收到和处理申请情况<tr><td colspan=4>新收<td colspan=4>2<td colspan=4>3</table>"
    );
    assert_eq!(
        shown(&page),
        [
            "二、主动公开政府信息情况",
            &prose,
            "[第二十条第（一）项 1×12 / 规章 1×6|1 1×6]",
            "三、收到和处理申请情况",
            "[新收 1×4|2 1×4|3 1×4]"
        ]
    );
}

#[test]
fn shells_and_covers_are_refused_and_reports_are_not() {
    assert_eq!(
        refused("<div id=app></div><script src=a.js></script>"),
        "the page is an empty shell filled in by scripts"
    );
    let cover = "<script></script><h1>某局年度报告</h1><p>附件：<a href='/f/年报.PDF?v=1'>下载</a></p>";
    assert_eq!(refused(cover), "the page only links to an attachment: /f/年报.PDF?v=1");
    let rows = "<tr><td>数<td>1".repeat(10);
    assert_eq!(shown(&format!("{cover}<table>{rows}</table>")).len(), 3);
}

#[test]
fn the_title_of_the_article_goes_before_that_of_the_window() {
    assert_eq!(document("<title>站名</title><p>文").title.as_deref(), Some("站名"));
    assert_eq!(
        document("<title>站名</title><meta name=ArticleTitle content=' 年报 '><p>文").title.as_deref(),
        Some("年报")
    );
}

#[test]
fn saved_mails_hold_a_page() {
    let head =
        "From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=\"xx\"\r\n\r\n--xx\r\n";
    let quoted = format!(
        "{head}Content-Type: text/html; charset=\"gbk\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>=D6=D0=\r\n=B9=FA</p>\r\n--xx--"
    );
    assert_eq!(shown(&quoted), ["中国"]);
    let coded = format!(
        "{head}Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+5Lit5Zu9\r\nPC9wPg==\r\n--xx--"
    );
    assert_eq!(shown(&coded), ["中国"]);
    assert_eq!(shown(&format!("{head}Content-Type: text/html\r\n\r\n<p>中国</p>\r\n--xx--")), ["中国"]);
}

#[test]
fn hostile_nesting_is_refused_soon() {
    let options = Options { limits: Limits { elements: 100_000, ..Limits::default() }, ..Options::default() };
    let of = |page: String| read(page.as_bytes(), &options, &mut Findings::new());
    for tag in ["<div>", "<b>", "<table><tr><td>", "<svg>"] {
        assert_eq!(of("<body>".to_owned() + &tag.repeat(50_000)).unwrap_err().code(), "limit", "{tag}");
    }
    // These end up side by side.
    for tag in ["<table><div>", "<font color=red><p>", "<p><i>"] {
        assert!(of("<body>".to_owned() + &tag.repeat(10_000)).is_ok(), "{tag}");
    }
    let attributes: String = (0..50_000).flat_map(|n| [" a".to_owned(), n.to_string()]).collect();
    assert_eq!(of(format!("<p{attributes}>")).unwrap_err().code(), "limit");
}
