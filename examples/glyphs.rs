//! Prints what the PDF reader sees on each page: lines of text, rulings, fills and images.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a tool for looking, not part of the program")]

use gouji::page::Body;
use gouji::source::{Options, pdf};

fn main() {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).expect("a readable file");
        let mut findings = Vec::new();
        let document = match pdf::read(&bytes, &Options::default(), &mut findings) {
            Ok(document) => document,
            Err(error) => {
                println!("{path}: {error}");
                continue;
            }
        };
        let Body::Pages(pages) = document.body else { continue };
        for page in pages {
            println!("== page {} {:.1} x {:.1}", page.number, page.width, page.height);
            let mut last = None;
            for g in &page.glyphs {
                let line = (g.run, g.layer);
                if last != Some(line) {
                    let (x, y, s) = (g.origin.x, g.origin.y, g.size);
                    print!(
                        "\n{x:7.1} {y:7.1} {s:5.1} {:?} {:?} f{}{} ",
                        g.turn,
                        g.layer,
                        g.font,
                        if g.bold { "b" } else { "" }
                    );
                }
                print!("{}", g.char);
                last = Some(line);
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
