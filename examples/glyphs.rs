//! Prints what the PDF reader sees on each page: lines of text, rulings, fills and images.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a tool for looking, not part of the program")]

use gouji::page::{Body, Glyph};
use gouji::source::{Options, read};

fn main() {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).expect("a readable file");
        let mut findings = Vec::new();
        let document = match read(&bytes, &Options::default(), &mut findings) {
            Ok(document) => document,
            Err(error) => {
                println!("{path}: {error}");
                continue;
            }
        };
        let Body::Pages(pages) = document.body else { continue };
        for page in pages {
            println!("== page {} {:.1} x {:.1}", page.number, page.width, page.height);
            let mut last: Option<Glyph> = None;
            for g in &page.glyphs {
                let same = |l: Glyph| (l.origin.y - g.origin.y).abs() < 1.0 && l.layer == g.layer && l.turn == g.turn;
                if !last.is_some_and(same) {
                    let (x, y, s, bold) = (g.origin.x, g.origin.y, g.size, if g.bold { "b" } else { "" });
                    print!("\n{x:7.1} {y:7.1} {s:5.1} {:?} {:?} f{}{bold} ", g.turn, g.layer, g.font);
                }
                print!("{}", g.char);
                last = Some(*g);
            }
            println!();
            for r in &page.rulings {
                println!("{:?} at {:.1} {:.1}–{:.1} width {:.1}", r.axis, r.at, r.from, r.to, r.width);
            }
            println!("{} fills {:?}", page.fills.len(), page.fills);
            println!("{} images {:?}", page.images.len(), page.images);
        }
        for f in findings {
            println!("{}: {} {:?}", f.code.name(), f.message.en, f.place);
        }
    }
}
