//! Pages made from the program are those in the tree.

use crate::assert_fresh;

#[test]
fn the_page_of_codes_is_fresh() {
    assert_fresh("docs/findings.md", &gouji::emit::explain::page());
}

#[test]
fn the_schemas_are_fresh() {
    let report = gouji::emit::json::schema::<gouji::emit::Report>().unwrap();
    assert_fresh("docs/report.schema.json", &(report + "\n"));
    let tables = gouji::emit::json::schema::<gouji::emit::TablesReport>().unwrap();
    assert_fresh("docs/tables.schema.json", &(tables + "\n"));
    let corpus = gouji::emit::json::schema::<gouji::corpus::wire::CorpusReport>().unwrap();
    assert_fresh("docs/corpus.schema.json", &(corpus + "\n"));
}
