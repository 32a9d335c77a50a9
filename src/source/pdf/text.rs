//! The text operators: from strings of codes to glyphs placed on the page.

use super::content::{Interpreter, affine, narrow, on_page, to_page};
use super::font::{Chars, Code, Font};
use crate::error::Result;
use crate::page::{Glyph, Layer};
use crate::source::ink::characters::zero_width;
use crate::source::ink::{ABOVE, BELOW, turn};
use hayro_font::kurbo::{Affine, Rect};
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{Name, Object, String as PdfString};
use hayro_syntax::page::Resources;
use std::rc::Rc;

impl<'a> Interpreter<'a, '_> {
    /// Follows a text operator; others are passed over.
    pub(super) fn show(&mut self, op: &Op<'_, '_>, resources: &Resources<'a>) -> Result<()> {
        let text = &mut self.state.text;
        match op {
            Op::CharacterSpacing(c) => text.char_space = c.0.as_f64(),
            Op::WordSpacing(w) => text.word_space = w.0.as_f64(),
            Op::HorizontalScaling(s) => text.stretch = s.0.as_f64() / 100.0,
            Op::TextLeading(l) => text.leading = l.0.as_f64(),
            Op::TextRise(r) => text.rise = r.0.as_f64(),
            Op::TextRenderingMode(m) => text.mode = m.0.as_i64(),
            Op::TextFont(f) => {
                text.size = f.1.as_f64();
                self.state.text.font = self.choose(f.0, resources)?;
            }
            Op::BeginText(_) => self.start_line(Affine::IDENTITY),
            Op::SetTextMatrix(m) => self.start_line(affine([m.0, m.1, m.2, m.3, m.4, m.5])),
            Op::NextLine(n) => self.next_line(n.0.as_f64(), n.1.as_f64()),
            Op::NextLineAndSetLeading(n) => {
                text.leading = -n.1.as_f64();
                self.next_line(n.0.as_f64(), n.1.as_f64());
            }
            Op::NextLineUsingLeading(_) => self.feed(),
            Op::ShowText(t) => self.show_string(t.0)?,
            Op::NextLineAndShowText(t) => {
                self.feed();
                self.show_string(t.0)?;
            }
            Op::ShowTextWithParameters(t) => {
                text.word_space = t.0.as_f64();
                text.char_space = t.1.as_f64();
                self.feed();
                self.show_string(t.2)?;
            }
            Op::ShowTexts(t) => self.show_pieces(t.0.iter::<Object<'_>>())?,
            _ => {}
        }
        Ok(())
    }

    fn choose(&mut self, name: &Name<'_>, resources: &Resources<'a>) -> Result<Option<Rc<Font<'a>>>> {
        if let Some(known) = self.chosen.get(name.as_ref()) {
            return Ok(known.clone());
        }
        let font = resources.get_font(name).map(|dict| self.shared.fonts.get(&dict)).transpose()?;
        self.chosen.insert(name.as_ref().into(), font.clone());
        Ok(font)
    }

    fn start_line(&mut self, matrix: Affine) {
        self.matrix = matrix;
        self.line = matrix;
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.start_line(self.line * Affine::translate((x, y)));
    }

    fn feed(&mut self) {
        self.next_line(0.0, -self.state.text.leading);
    }

    fn show_string(&mut self, string: &PdfString<'_>) -> Result<()> {
        let Some(font) = self.state.text.font.clone() else { return Ok(()) };
        self.begin_run();
        self.string(&font, string.as_bytes())
    }

    fn show_pieces<'o>(&mut self, pieces: impl Iterator<Item = Object<'o>>) -> Result<()> {
        let Some(font) = self.state.text.font.clone() else { return Ok(()) };
        self.begin_run();
        for piece in pieces {
            match piece {
                Object::Number(n) => self.advance(&font, -n.as_f64() / 1000.0 * self.state.text.size),
                Object::String(s) => self.string(&font, s.as_bytes())?,
                _ => {}
            }
        }
        Ok(())
    }

    fn begin_run(&mut self) {
        self.runs += 1;
        if self.shared.tagged {
            self.tags.note(self.runs, self.mark.content);
        }
    }

    fn advance(&mut self, font: &Font<'_>, by: f64) {
        let step = if font.vertical() { (0.0, by) } else { (by * self.state.text.stretch, 0.0) };
        self.matrix *= Affine::translate(step);
    }

    fn string(&mut self, font: &Rc<Font<'a>>, mut bytes: &[u8]) -> Result<()> {
        while let Some((value, length)) = font.next_code(bytes) {
            bytes = bytes.get(length..).unwrap_or_default();
            let code = font.code(value);
            self.glyphs(font, &code)?;
            let text = &self.state.text;
            let word = if value == 32 && length == 1 { text.word_space } else { 0.0 };
            self.advance(font, code.advance / 1000.0 * text.size + text.char_space + word);
        }
        Ok(())
    }

    /// Places the glyphs of one code; a ligature's letters share its width.
    fn glyphs(&mut self, font: &Font<'_>, code: &Code) -> Result<()> {
        if self.mark.hidden {
            return Ok(());
        }
        let text = &self.state.text;
        let em =
            self.state.ctm * self.matrix * Affine::new([text.size * text.stretch, 0.0, 0.0, text.size, 0.0, text.rise]);
        let mut buffer = [0; 4];
        let (chars, count) = match &code.chars {
            Chars::Unknown => ("\u{FFFD}", 1.0),
            Chars::One(c) => (&*c.encode_utf8(&mut buffer), 1.0),
            Chars::Many(s) => (&**s, f64::from(u32::try_from(s.chars().count()).unwrap_or(1))),
        };
        let step = code.width / 1000.0 / count;
        let (mut x, y) = (code.shift.0 / 1000.0, code.shift.1 / 1000.0);
        for char in chars.chars().filter(|c| !zero_width(*c)) {
            let cell = Rect::new(x, y - BELOW, x + step, y + ABOVE);
            let seen = self.place(char, font, em, (x, y), cell)?;
            if seen && char == '\u{FFFD}' && font.unread_on.get().is_none() {
                font.unread_on.set(Some(self.page));
            }
            x += step;
        }
        Ok(())
    }

    /// Puts one glyph on the canvas; whether it is visible ink.
    fn place(&mut self, char: char, font: &Font<'_>, em: Affine, pen: (f64, f64), cell: Rect) -> Result<bool> {
        let state = &self.state;
        let [a, b, c, d, ..] = em.as_coeffs();
        let stroked = matches!(state.text.mode, 1 | 5);
        let layer = match state.text.mode {
            3 | 7 => Layer::Invisible,
            _ if self.mark.watermark => Layer::Watermark,
            _ => Layer::Ink,
        };
        let glyph = Glyph {
            char,
            bbox: on_page(em, cell),
            origin: to_page(em, pen.0, pen.1),
            size: narrow(c.hypot(d)),
            turn: turn(a, b),
            layer,
            bold: font.bold || matches!(state.text.mode, 2 | 6),
            run: self.runs,
            font: font.index,
        };
        let paint = if stroked { state.stroke.paint } else { state.fill.paint };
        let seen = self.canvas.glyph(glyph, paint, &state.clip)?;
        Ok(seen && layer == Layer::Ink)
    }
}
