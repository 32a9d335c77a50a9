//! Prints what the grid stage makes of a document: lines as text, tables as rows of cells with their spans.
//!
//! ```console
//! $ cargo run --example grids -- report.pdf
//! ```
#![allow(clippy::print_stdout, clippy::disallowed_methods, missing_docs, reason = "an example talks to a person")]

use gouji::grid::{Block, Grid, build};
use gouji::source::{Options, read};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let mut findings = Vec::new();
        let document = read(&std::fs::read(&path)?, &Options::default(), &mut findings)?;
        println!("# {path}");
        for block in build(&document, &mut findings).items {
            match block {
                Block::Line(line) => {
                    let marks = [(line.heading, 'H'), (line.centred, 'C'), (line.continues, '+')];
                    let marks: String = marks.iter().map(|&(on, mark)| if on { mark } else { ' ' }).collect();
                    println!("{marks} {:5.1} {}", line.size, line.text);
                }
                Block::Grid(grid) => print(&grid),
            }
        }
        for finding in findings {
            println!("! {}: {}", finding.code.name(), finding.message.en);
        }
    }
    Ok(())
}

/// One line a row; `(2x3)` after a cell of two rows and three columns, `?` and the reason after a doubtful one.
fn print(grid: &Grid) {
    println!("== {} x {}, {:?}, {} part(s)", grid.rows, grid.columns, grid.method, grid.parts.len());
    for row in 0..grid.rows {
        let cells = grid.cells.iter().filter(|c| c.row == row).map(|c| {
            let span = match (c.row_span, c.column_span) {
                (1, 1) => String::new(),
                (rows, columns) => format!(" ({rows}x{columns})"),
            };
            let doubt = c.doubt.map_or(String::new(), |d| format!(" ?{d:?}"));
            format!("@{} {}{span}{doubt}", c.column, c.text.replace('\n', "⏎"))
        });
        println!("| {}", cells.collect::<Vec<_>>().join(" | "));
    }
}
