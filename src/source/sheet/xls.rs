//! Binary spreadsheets (BIFF 5 and 8, also `.et` of WPS) in, sparse sheets out.
//!
//! Every record is looked at with its own bounds; nothing is reserved by what a record declares.

use super::value::{Kind, compact, error, number};
use super::{At, Budget, Compound, Merge, Options, Sheet, broken, encrypted};
use crate::error::{ErrorKind, Result};
use crate::source::cfb::{u16_at, u32_at};
use encoding_rs::Encoding;
use std::collections::BTreeMap;

const CONTINUE: u16 = 0x003C;
const EOF: u16 = 0x000A;
const BOF: u16 = 0x0809;

/// Reads the sheets in the order of their tabs.
pub(super) fn read(file: &Compound<'_>, options: &Options, budget: &mut Budget) -> Result<Vec<Sheet>> {
    let stream = match file.stream("Workbook")? {
        Some(stream) => Some(stream),
        None => file.stream("Book")?,
    };
    let Some(stream) = stream else { return Err(ErrorKind::Unsupported { format: "compound" }.into()) };
    let book = Book::read(&stream, options)?;
    let mut sheets = Vec::new();
    for tab in &book.tabs {
        let mut sheet = Sheet::new(&tab.name, tab.hidden);
        if !tab.hidden {
            let records = Records { bytes: stream.get(tab.at..).unwrap_or_default() };
            Reader { book: &book, sheet: &mut sheet, budget, result: None, hidden_columns: vec![false; 256] }
                .read(records)?;
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

/// The records of a stream, up to its end or to one that is cut short.
#[derive(Clone)]
struct Records<'a> {
    bytes: &'a [u8],
}

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let kind = u16_at(self.bytes, 0)?;
        let length = usize::from(u16_at(self.bytes, 2)?);
        let (data, rest) = self.bytes.get(4..)?.split_at_checked(length)?;
        self.bytes = rest;
        Some((kind, data))
    }
}

impl<'a> Records<'a> {
    /// The record's data and those of the records that continue it.
    fn continued(&mut self, first: &'a [u8]) -> Pieces<'a> {
        let mut rest = Vec::new();
        let mut ahead = self.clone();
        while let Some((CONTINUE, data)) = ahead.next() {
            rest.push(data);
            *self = ahead.clone();
        }
        rest.reverse();
        Pieces { now: first, rest }
    }
}

struct Tab {
    name: String,
    at: usize,
    hidden: bool,
}

/// What the sheets of a workbook share.
struct Book {
    tabs: Vec<Tab>,
    strings: Vec<String>,
    kinds: Vec<Kind>,
    from_1904: bool,
    script: Script,
}

/// How text is stored.
#[derive(Clone, Copy)]
enum Script {
    /// UTF-16, perhaps without its upper halves.
    Unicode,
    /// A code page.
    Page(&'static Encoding),
}

impl Book {
    fn read(stream: &[u8], options: &Options) -> Result<Self> {
        let mut records = Records { bytes: stream };
        let version = match records.next() {
            Some((BOF, data)) => u16_at(data, 0),
            _ => None,
        };
        let script = match version {
            Some(0x0600) => Script::Unicode,
            Some(0x0500) => Script::Page(encoding_rs::GBK),
            _ => return Err(ErrorKind::Unsupported { format: "old xls" }.into()),
        };
        let mut book = Self { tabs: Vec::new(), strings: Vec::new(), kinds: Vec::new(), from_1904: false, script };
        let mut codes = BTreeMap::new();
        let mut formats = Vec::new();
        while let Some((kind, data)) = records.next() {
            match kind {
                0x002F => return Err(encrypted(options)),
                0x0022 => book.from_1904 = u16_at(data, 0) == Some(1),
                0x0042 => book.page(u16_at(data, 0).unwrap_or_default()),
                0x041E => {
                    let code = data.get(2..).and_then(|data| book.script.string(data, u16_at, 2));
                    codes.extend(u16_at(data, 0).zip(code));
                }
                0x00E0 => formats.push(u16_at(data, 2).unwrap_or_default()),
                0x0085 => book.tabs.extend(tab(data, book.script)),
                0x00FC => book.strings = shared(records.continued(data)),
                EOF => {
                    book.kinds = formats.iter().map(|id| Kind::of(*id, codes.get(id).map(String::as_str))).collect();
                    return Ok(book);
                }
                _ => {}
            }
        }
        Err(broken("the records of the workbook break off".into()))
    }

    fn page(&mut self, page: u16) {
        if let Script::Page(encoding) = &mut self.script {
            *encoding = match page {
                932 => encoding_rs::SHIFT_JIS,
                949 => encoding_rs::EUC_KR,
                950 => encoding_rs::BIG5,
                1252 | 0x8001 => encoding_rs::WINDOWS_1252,
                _ => encoding_rs::GBK,
            };
        }
    }
}

impl Script {
    /// A string behind its length, which takes `width` bytes.
    fn string(self, data: &[u8], length: fn(&[u8], usize) -> Option<u16>, width: usize) -> Option<String> {
        let length = usize::from(length(data, 0)?);
        match self {
            Self::Unicode => Pieces { now: data.get(width..)?, rest: Vec::new() }.string(length),
            Self::Page(encoding) => {
                let bytes = data.get(width..)?;
                Some(encoding.decode_without_bom_handling(bytes.get(..length).unwrap_or(bytes)).0.into_owned())
            }
        }
    }
}

fn u8_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at).map(|&byte| byte.into())
}

/// A worksheet's entry; charts and macros have no cells of interest.
fn tab(data: &[u8], script: Script) -> Option<Tab> {
    let worksheet = *data.get(5)? == 0;
    worksheet.then_some(())?;
    Some(Tab {
        name: script.string(data.get(6..)?, u8_at, 1)?.replace('\0', ""),
        at: usize::try_from(u32_at(data, 0)?).ok()?,
        hidden: data.get(4)? & 0x3 != 0,
    })
}

/// A record's data that goes on in other records.
struct Pieces<'a> {
    now: &'a [u8],
    /// Last first.
    rest: Vec<&'a [u8]>,
}

impl<'a> Pieces<'a> {
    /// The next bytes of the piece at hand, as many as there are up to `most`; none at its end.
    fn some(&mut self, most: usize) -> &'a [u8] {
        let (taken, rest) = self.now.split_at(most.min(self.now.len()));
        self.now = rest;
        taken
    }

    fn turn(&mut self) -> Option<()> {
        self.now = self.rest.pop()?;
        Some(())
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        loop {
            count -= self.some(count).len();
            if count == 0 {
                return Some(());
            }
            self.turn()?;
        }
    }

    /// A header is never split over pieces, but may begin the next.
    fn header<const N: usize>(&mut self) -> Option<[u8; N]> {
        if self.now.is_empty() {
            self.turn()?;
        }
        self.some(N).try_into().ok()
    }

    /// A string of `length` characters behind its flags; what follows its text is passed over.
    fn string(&mut self, length: usize) -> Option<String> {
        let [flags] = self.header()?;
        let runs = if flags & 8 == 0 { 0 } else { u16::from_le_bytes(self.header()?) };
        let extra = if flags & 4 == 0 { 0 } else { u32::from_le_bytes(self.header()?) };
        let mut wide = flags & 1 != 0;
        let mut units: Vec<u16> = Vec::new();
        while units.len() < length {
            let left = length - units.len();
            if wide {
                units.extend(self.some(left * 2).chunks_exact(2).filter_map(|unit| u16_at(unit, 0)));
            } else {
                units.extend(self.some(left).iter().copied().map(u16::from));
            }
            if units.len() < length {
                // The rest says anew how wide its characters are.
                self.turn()?;
                wide = self.some(1).first()? & 1 != 0;
            }
        }
        self.skip(usize::from(runs) * 4)?;
        self.skip(usize::try_from(extra).ok()?)?;
        Some(String::from_utf16_lossy(&units))
    }
}

/// The strings that cells refer to, up to the first that is damaged.
fn shared(mut pieces: Pieces<'_>) -> Vec<String> {
    let mut strings = Vec::new();
    if pieces.header::<8>().is_some() {
        while let Some(length) = pieces.header().map(u16::from_le_bytes) {
            let Some(string) = pieces.string(length.into()) else { break };
            strings.push(string);
        }
    }
    strings
}

struct Reader<'a> {
    book: &'a Book,
    sheet: &'a mut Sheet,
    budget: &'a mut Budget,
    /// The formula whose text result comes in the next record.
    result: Option<At>,
    hidden_columns: Vec<bool>,
}

impl Reader<'_> {
    fn read(mut self, mut records: Records<'_>) -> Result<()> {
        let mut depth = 0_u32;
        let mut ended = false;
        let mut hidden_rows = std::collections::BTreeSet::new();
        while let Some((kind, data)) = records.next() {
            match kind {
                BOF => depth += 1,
                EOF if depth <= 1 => {
                    ended = true;
                    break;
                }
                EOF => depth -= 1,
                // A chart within the sheet.
                _ if depth > 1 => {}
                0x0208 if u32_at(data, 12).is_some_and(|flags| flags & 0x20 != 0) => {
                    hidden_rows.extend(u16_at(data, 0));
                }
                0x007D if u16_at(data, 8).is_some_and(|flags| flags & 1 != 0) => {
                    let first = u16_at(data, 0).unwrap_or_default().into();
                    let last = usize::from(u16_at(data, 2).unwrap_or_default());
                    self.hidden_columns.iter_mut().take(last + 1).skip(first).for_each(|hidden| *hidden = true);
                }
                0x00E5 => self.merges(data)?,
                0x0207 => {
                    if let Some(at) = self.result.take() {
                        let text = self.string(&mut records, data);
                        self.sheet.put(at, &text.unwrap_or_default(), self.budget)?;
                    }
                }
                _ => self.cells(kind, data)?,
            }
        }
        if !ended {
            return Err(broken(format!("the records of sheet {} break off", self.sheet.name)));
        }
        let is_hidden = |at: &&At| {
            u16::try_from(at.0).is_ok_and(|row| hidden_rows.contains(&row))
                || self.hidden_columns.get(at.1 as usize) == Some(&true)
        };
        self.sheet.hidden_cell = self.sheet.cells.keys().find(is_hidden).copied();
        Ok(())
    }

    fn string<'d>(&self, records: &mut Records<'d>, data: &'d [u8]) -> Option<String> {
        let length = u16_at(data, 0)?;
        match self.book.script {
            Script::Unicode => records.continued(data).after(2)?.string(length.into()),
            script @ Script::Page(_) => script.string(data, u16_at, 2),
        }
    }

    fn merges(&mut self, data: &[u8]) -> Result<()> {
        for area in data.get(2..).unwrap_or_default().chunks_exact(8) {
            let at = |at| u16_at(area, at).map(u32::from).unwrap_or_default();
            let merge = Merge { top: at(0), bottom: at(2), left: at(4), right: at(6) };
            if merge.top <= merge.bottom && merge.left <= merge.right {
                self.sheet.merge(merge, self.budget)?;
            }
        }
        Ok(())
    }

    /// A record of one cell, or of several in a row; any other is passed over.
    fn cells(&mut self, kind: u16, data: &[u8]) -> Result<()> {
        let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) else { return Ok(()) };
        let at = (u32::from(row), u32::from(column));
        let text = match kind {
            0x0203 => self.number(data, 4, f64_at(data, 6)),
            0x027E => self.number(data, 4, u32_at(data, 6).map(compact)),
            0x00FD => {
                let index = u32_at(data, 6).and_then(|index| usize::try_from(index).ok());
                let text = index.and_then(|index| self.book.strings.get(index));
                Some(text.ok_or_else(|| broken("a shared string is missing".into()))?.clone())
            }
            0x0204 | 0x00D6 => data.get(6..).and_then(|data| self.book.script.string(data, u16_at, 2)),
            0x0205 => logical(data.get(6..8)),
            0x0006 | 0x0206 | 0x0406 => self.formula(at, data),
            0x0201 => Some(String::new()),
            0x00BD => {
                for (cell, column) in data.get(4..).unwrap_or_default().chunks_exact(6).zip(at.1..) {
                    let text = self.number(cell, 0, u32_at(cell, 2).map(compact)).unwrap_or_default();
                    self.sheet.put((at.0, column), &text, self.budget)?;
                }
                return Ok(());
            }
            0x00BE => {
                let last = data.len().checked_sub(2).and_then(|at| u16_at(data, at)).unwrap_or(column);
                self.sheet.blank(at.0, at.1, u32::from(last).max(at.1), self.budget);
                return Ok(());
            }
            _ => return Ok(()),
        };
        self.sheet.put(at, &text.unwrap_or_default(), self.budget)
    }

    /// A number with the format that its cell names at `format`.
    fn number(&self, data: &[u8], format: usize, value: Option<f64>) -> Option<String> {
        let format = u16_at(data, format).and_then(|format| self.book.kinds.get(usize::from(format)));
        value.map(|value| number(value, format.copied().unwrap_or_default(), self.book.from_1904))
    }

    /// A formula's stored result.
    fn formula(&mut self, at: At, data: &[u8]) -> Option<String> {
        self.result = None;
        let value = f64_at(data, 6)?;
        let kind = (u16_at(data, 12) == Some(0xFFFF)).then(|| data.get(6).copied()).flatten();
        // Nothing; or zero, to be calculated when the file is opened: the writer did not calculate it.
        let to_do = u16_at(data, 14).is_some_and(|flags| flags & 3 == 3);
        if kind == Some(3) || (to_do && kind.is_none() && value.to_bits() == 0) {
            self.sheet.unknown.get_or_insert(at);
            return None;
        }
        match kind {
            None => self.number(data, 4, Some(value)),
            Some(0) => {
                self.result = Some(at);
                None
            }
            Some(1) => logical(Some(&[*data.get(8)?, 0])),
            Some(2) => logical(Some(&[*data.get(8)?, 1])),
            Some(_) => None,
        }
    }
}

impl<'a> Pieces<'a> {
    fn after(mut self, count: usize) -> Option<Pieces<'a>> {
        self.now = self.now.get(count..)?;
        Some(self)
    }
}

fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    bytes.get(at..)?.first_chunk().map(|bytes| f64::from_le_bytes(*bytes))
}

/// A truth value or an error, with the byte that says which.
fn logical(bytes: Option<&[u8]>) -> Option<String> {
    Some(match bytes? {
        [0, 0] => "FALSE".into(),
        [_, 0] => "TRUE".into(),
        [code, _] => error(*code).into(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::source::cfb::pack;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &u16::try_from(data.len()).unwrap().to_le_bytes(), data].concat()
    }

    fn words(words: &[u16]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    fn wide(text: &str) -> Vec<u8> {
        words(&text.encode_utf16().collect::<Vec<_>>())
    }

    /// A workbook of one sheet.
    fn book(version: u16, globals: &[Vec<u8>], cells: &[Vec<u8>]) -> Result<Vec<Sheet>> {
        let globals = [record(BOF, &words(&[version, 5])), globals.concat()].concat();
        let name: Vec<u8> =
            if version == 0x0600 { [&[2, 1][..], &wide("表一")].concat() } else { b"\x02ab".to_vec() };
        let entry = 4 + 6 + name.len();
        let at = u32::try_from(globals.len() + entry + 4).unwrap();
        let entry = record(0x0085, &[&at.to_le_bytes()[..], &[0, 0], &name].concat());
        let sheet = [record(BOF, &words(&[version, 16])), cells.concat(), record(EOF, &[])].concat();
        let bytes = pack("Workbook", &[globals, entry, record(EOF, &[]), sheet].concat());
        let options = Options { limits: Limits { cells: 1_000, ..Limits::default() }, ..Options::default() };
        read(&Compound::open(&bytes).unwrap(), &options, &mut Budget::new(&options.limits))
    }

    fn show(sheet: &Sheet) -> String {
        let cell = |((row, column), text): (&At, &String)| format!("{row},{column}={text};");
        sheet.cells.iter().map(cell).collect()
    }

    fn number_cell(row: u16, column: u16, format: u16, value: f64) -> Vec<u8> {
        record(0x0203, &[words(&[row, column, format]), value.to_le_bytes().to_vec()].concat())
    }

    #[test]
    fn strings_go_on_over_records() {
        let first = [&[0; 8][..], &words(&[4]), &[1], &wide("甲乙")].concat();
        let second = [&[1][..], &wide("丙")].concat();
        // The last character comes narrow, then a string with a run and an extension.
        let third =
            [&[0][..], b"d", &words(&[1]), &[12], &words(&[1]), &2_u32.to_le_bytes(), b"e", &[9; 4], &[8; 2]].concat();
        let strings = [record(0x00FC, &first), record(CONTINUE, &second), record(CONTINUE, &third)].concat();
        let cell =
            |column, index: u32| record(0x00FD, &[words(&[0, column, 0]), index.to_le_bytes().to_vec()].concat());
        let sheets = book(0x0600, &[strings], &[cell(0, 0), cell(1, 1)]).unwrap();
        assert_eq!((sheets[0].name.as_str(), show(&sheets[0]).as_str()), ("表一", "0,0=甲乙丙d;0,1=e;"));
        assert_eq!(book(0x0600, &[], &[cell(2, 77)]).unwrap_err().code(), "truncated");
    }

    #[test]
    fn numbers_formulas_and_merges() {
        let formats = [record(0x00E0, &words(&[0, 0])), record(0x00E0, &words(&[0, 14]))];
        let formula = |column, value: &[u8; 8], flags| {
            record(0x0006, &[words(&[1, column, 0]), value.to_vec(), words(&[flags]), vec![0; 6]].concat())
        };
        let cells = [
            number_cell(0, 0, 0, 20.5725),
            number_cell(0, 1, 1, 45_679.0),
            record(
                0x00BD,
                &[words(&[0, 2]), words(&[0, 3 << 2 | 2, 0]), words(&[0, 8 << 2 | 2, 0]), words(&[3])].concat(),
            ),
            formula(0, &7_f64.to_le_bytes(), 0),
            formula(1, &[0; 8], 3),
            formula(2, &[0, 0, 0, 0, 0, 0, 0xFF, 0xFF], 0),
            record(0x0207, &[&words(&[2])[..], &[1], &wide("甲乙")].concat()),
            formula(3, &[2, 0, 7, 0, 0, 0, 0xFF, 0xFF], 0),
            record(0x00BE, &words(&[2, 1, 0, 0, 2])),
            record(0x00E5, &words(&[2, 0, 1, 0, 0, 5, 4, 0, 0])),
        ];
        let sheet = &book(0x0600, &formats, &cells).unwrap()[0];
        assert_eq!(show(sheet), "0,0=20.5725;0,1=2025-01-22;0,2=3;0,3=8;1,0=7;1,2=甲乙;1,3=#DIV/0!;");
        assert_eq!(sheet.unknown, Some((1, 1)));
        assert_eq!(sheet.blanks[&2], [(1, 2)]);
        assert_eq!(sheet.merges, [Merge { top: 0, bottom: 1, left: 0, right: 0 }]);
    }

    #[test]
    fn code_pages_of_older_files() {
        let gbk = encoding_rs::GBK.encode("规章").0;
        let cell = record(0x0204, &[&words(&[0, 0, 0, 4])[..], &gbk].concat());
        let sheets = book(0x0500, &[record(0x0042, &words(&[936]))], &[cell]).unwrap();
        assert_eq!(show(&sheets[0]), "0,0=规章;");
    }

    #[test]
    fn what_records_declare_is_not_believed() {
        let dimensions = record(0x0200, &[0xFF; 14]);
        let label = record(0x0204, &words(&[0, 0, 0, 0xFFFF, 0x4100]));
        let cells = [dimensions, label, number_cell(65_535, 65_535, 0, 1.0), record(0x00E5, &[0xFF; 3])];
        assert_eq!(show(&book(0x0600, &[], &cells).unwrap()[0]), "65535,65535=1;");
        let many: Vec<_> = (0..2_000).map(|row| number_cell(row, 0, 0, 1.0)).collect();
        assert_eq!(book(0x0600, &[], &many).unwrap_err().code(), "limit");
        assert_eq!(book(0x0600, &[record(0x002F, &[0; 4])], &[]).unwrap_err().code(), "encrypted");
        assert_eq!(book(0x0300, &[], &[]).unwrap_err().code(), "unsupported-format");
    }
}
