//! Binary spreadsheets (BIFF 5 and 8, also `.et` of WPS) in, sparse sheets out.
//!
//! The records are walked for what calamine does not tell (formats, hidden rows, formulas without a result) or would
//! trust (sizes, extents, chains of sectors). Those that hold a value are written, one after the other, to a workbook
//! of one sheet, and calamine decodes that: nothing it reserves depends on what the file declares, and a string that
//! many cells share is decoded once.

use super::value::{Kind, text};
use super::{At, Budget, Compound, Merge, Options, Sheet, broken, encrypted};
use crate::error::{ErrorKind, Result};
use crate::source::cfb::{pack, u16_at, u32_at};
use calamine::{Data, Range, Reader, Xls, XlsOptions};
use encoding_rs::Encoding;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

const FORMAT: &str = "xls";
const CONTINUE: u16 = 0x003C;
const EOF: u16 = 0x000A;
const BOF: u16 = 0x0809;
const SHEET: u16 = 0x0085;
const NUMBER: u16 = 0x0203;
const LABEL: u16 = 0x0204;
const LOGICAL: u16 = 0x0205;
const COMPACT: u16 = 0x027E;
const SHARED: u16 = 0x00FD;
/// Cells in a row of the sheet that calamine decodes.
const WIDTH: u32 = 256;

/// Reads the sheets in the order of their tabs.
pub(super) fn read(file: &Compound<'_>, options: &Options, budget: &mut Budget) -> Result<Vec<Sheet>> {
    let stream = match file.stream("Workbook")? {
        Some(stream) => Some(stream),
        None => file.stream("Book")?,
    };
    let Some(stream) = stream else { return Err(ErrorKind::Unsupported { format: "compound" }.into()) };
    let book = Book::read(&stream, options)?;
    let mut carrier = Carrier::new(options.limits.cells);
    let mut walks = Vec::new();
    // Sheets that overlap would be walked over and over.
    let mut left = stream.len();
    for tab in &book.tabs {
        let mut walk = Walk::new(&book, Sheet::new(&tab.name, tab.hidden));
        if !tab.hidden {
            let records = Records { bytes: stream.get(tab.at..).unwrap_or_default() };
            let length = walk.read(records, &mut carrier, budget)?;
            left = left.checked_sub(length).ok_or_else(|| broken("sheets overlap".into()))?;
        }
        walks.push(walk);
    }
    let values = carrier.decode(&book)?;
    walks.into_iter().map(|walk| walk.finish(&values, budget)).collect()
}

/// The records of a stream, up to its end or to one that is cut short.
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

struct Tab {
    name: String,
    at: usize,
    hidden: bool,
}

/// What the sheets of a workbook share.
struct Book {
    version: u16,
    tabs: Vec<Tab>,
    /// The records of the strings that cells refer to.
    strings: Vec<u8>,
    kinds: Vec<Kind>,
    from_1904: bool,
    page: u16,
}

impl Book {
    fn read(stream: &[u8], options: &Options) -> Result<Self> {
        let mut records = Records { bytes: stream };
        let version = match records.next() {
            Some((BOF, data)) => u16_at(data, 0).unwrap_or_default(),
            _ => 0,
        };
        let page = match version {
            0x0600 => 1200,
            0x0500 => 936,
            _ => return Err(ErrorKind::Unsupported { format: "old xls" }.into()),
        };
        let mut book =
            Self { version, tabs: Vec::new(), strings: Vec::new(), kinds: Vec::new(), from_1904: false, page };
        let mut codes = BTreeMap::new();
        let mut formats = Vec::new();
        let mut in_strings = false;
        while let Some((kind, data)) = records.next() {
            in_strings = kind == 0x00FC || (kind == CONTINUE && in_strings);
            match kind {
                _ if in_strings => put(&mut book.strings, kind, &[data]),
                0x002F => return Err(encrypted(options)),
                0x0022 => book.from_1904 = u16_at(data, 0) == Some(1),
                0x0042 if version == 0x0500 => {
                    let known = |page: &u16| [932, 949, 950, 1252].contains(page);
                    let page = u16_at(data, 0).map(|page| if page == 0x8001 { 1252 } else { page });
                    book.page = page.filter(known).unwrap_or(936);
                }
                0x041E => {
                    let length = if version == 0x0600 { u16_at(data, 2).map(usize::from) } else { u8_at(data, 2) };
                    let text = data.get(if version == 0x0600 { 4 } else { 3 }..);
                    codes.extend(u16_at(data, 0).zip(length.zip(text).and_then(|(n, text)| book.string(text, n))));
                }
                0x00E0 => formats.push(u16_at(data, 2).unwrap_or_default()),
                SHEET => book.tabs.extend(book.tab(data)),
                EOF => {
                    book.kinds = formats.iter().map(|id| Kind::of(*id, codes.get(id).map(String::as_str))).collect();
                    return Ok(book);
                }
                _ => {}
            }
        }
        Err(broken("the records of the workbook break off".into()))
    }

    /// A worksheet's entry; charts and macros have no cells of interest.
    fn tab(&self, data: &[u8]) -> Option<Tab> {
        let worksheet = *data.get(5)? == 0;
        worksheet.then_some(())?;
        Some(Tab {
            name: self.string(data.get(7..)?, u8_at(data, 6)?)?.replace('\0', ""),
            at: usize::try_from(u32_at(data, 0)?).ok()?,
            hidden: data.get(4)? & 0x3 != 0,
        })
    }

    /// A name of so many characters.
    fn string(&self, data: &[u8], length: usize) -> Option<String> {
        if self.version != 0x0600 {
            let encoding = codepage(self.page);
            let bytes = data.get(..length).unwrap_or(data);
            return Some(encoding.decode_without_bom_handling(bytes).0.into_owned());
        }
        let (flags, text) = data.split_first()?;
        let units: Vec<u16> = if flags & 1 == 0 {
            text.iter().copied().map(u16::from).take(length).collect()
        } else {
            text.chunks_exact(2).filter_map(|unit| u16_at(unit, 0)).take(length).collect()
        };
        Some(String::from_utf16_lossy(&units))
    }
}

fn codepage(page: u16) -> &'static Encoding {
    match page {
        932 => encoding_rs::SHIFT_JIS,
        949 => encoding_rs::EUC_KR,
        950 => encoding_rs::BIG5,
        1252 => encoding_rs::WINDOWS_1252,
        _ => encoding_rs::GBK,
    }
}

fn u8_at(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at).map(|&byte| byte.into())
}

/// Writes a record.
fn put(stream: &mut Vec<u8>, kind: u16, data: &[&[u8]]) {
    let length = u16::try_from(data.iter().map(|piece| piece.len()).sum::<usize>()).unwrap_or_default();
    stream.extend(kind.to_le_bytes().into_iter().chain(length.to_le_bytes()));
    data.iter().for_each(|piece| stream.extend_from_slice(piece));
}

/// The sheet that calamine decodes: values in the order they come in.
struct Carrier {
    records: Vec<u8>,
    count: u32,
    limit: u64,
    /// Where the strings are that came up before.
    shared: BTreeMap<u32, u32>,
}

impl Carrier {
    fn new(limit: u64) -> Self {
        Self { records: Vec::new(), count: 0, limit, shared: BTreeMap::new() }
    }

    /// Takes up a value, which is the record's data behind the place and format of its cell.
    fn add(&mut self, kind: u16, value: &[&[u8]]) -> Result<u32> {
        let limit = self.limit.min(u64::from(WIDTH) << 16);
        if u64::from(self.count) >= limit {
            return Err(ErrorKind::Limit { what: "cells", limit }.into());
        }
        let at = self.count;
        self.count += 1;
        let place = ((at % WIDTH) << 16 | at / WIDTH).to_le_bytes();
        let cell = [&[&place[..], &[0, 0]], value].concat();
        if cell.iter().map(|piece| piece.len()).sum::<usize>() > usize::from(u16::MAX) {
            return Err(broken("a cell is longer than a record may be".into()));
        }
        put(&mut self.records, kind, &cell);
        Ok(at)
    }

    fn decode(self, book: &Book) -> Result<Range<Data>> {
        let begin = |kind: u16| [book.version.to_le_bytes(), kind.to_le_bytes()].concat();
        let mut stream = Vec::new();
        put(&mut stream, BOF, &[&begin(5)]);
        stream.extend(&book.strings);
        let name: &[u8] = if book.version == 0x0600 { &[1, 0, b'1'] } else { &[1, b'1'] };
        let at = u32::try_from(stream.len() + 4 + 6 + name.len() + 4).unwrap_or_default();
        put(&mut stream, SHEET, &[&at.to_le_bytes(), &[0, 0], name]);
        put(&mut stream, EOF, &[]);
        put(&mut stream, BOF, &[&begin(16)]);
        stream.extend(self.records);
        put(&mut stream, EOF, &[]);
        let mut options = XlsOptions::default();
        options.force_codepage = Some(book.page);
        let failed = |error: calamine::XlsError| ErrorKind::Reader { format: FORMAT, detail: error.to_string() };
        let mut xls = Xls::new_with_options(Cursor::new(pack("Workbook", &stream)), options).map_err(failed)?;
        Ok(xls.worksheet_range("1").map_err(failed)?)
    }
}

/// What the records of a sheet say of its cells.
struct Walk<'a> {
    book: &'a Book,
    sheet: Sheet,
    /// The value of each cell, by its number in the carrier, and its format.
    cells: BTreeMap<At, (u32, Kind)>,
    hidden_rows: BTreeSet<u32>,
    hidden_columns: Vec<bool>,
    /// The formula whose text result comes in the next record.
    result: Option<(At, Kind)>,
}

impl<'a> Walk<'a> {
    fn new(book: &'a Book, sheet: Sheet) -> Self {
        let (cells, hidden_rows, hidden_columns) = (BTreeMap::new(), BTreeSet::new(), vec![false; 256]);
        Self { book, sheet, cells, hidden_rows, hidden_columns, result: None }
    }

    /// Walks over the records; gives out their length.
    fn read(&mut self, mut records: Records<'_>, carrier: &mut Carrier, budget: &mut Budget) -> Result<usize> {
        let length = records.bytes.len();
        let mut depth = 0_u32;
        while let Some((kind, data)) = records.next() {
            match kind {
                BOF => depth += 1,
                EOF if depth <= 1 => return Ok(length - records.bytes.len()),
                EOF => depth -= 1,
                // A chart within the sheet.
                _ if depth > 1 => {}
                0x0208 if u32_at(data, 12).is_some_and(|flags| flags & 0x20 != 0) => {
                    self.hidden_rows.extend(u16_at(data, 0).map(u32::from));
                }
                0x007D if u16_at(data, 8).is_some_and(|flags| flags & 1 != 0) => {
                    let first = u16_at(data, 0).unwrap_or_default().into();
                    let last = usize::from(u16_at(data, 2).unwrap_or_default());
                    self.hidden_columns.iter_mut().take(last + 1).skip(first).for_each(|hidden| *hidden = true);
                }
                0x00E5 => self.merges(data, budget)?,
                0x0207 => {
                    let Some((at, format)) = self.result.take() else { continue };
                    self.cells.insert(at, (self.label(data, carrier)?, format));
                }
                _ => self.cell(kind, data, carrier, budget)?,
            }
        }
        Err(broken(format!("the records of sheet {} break off", self.sheet.name)))
    }

    fn merges(&mut self, data: &[u8], budget: &mut Budget) -> Result<()> {
        for area in data.get(2..).unwrap_or_default().chunks_exact(8) {
            let at = |at| u16_at(area, at).map(u32::from).unwrap_or_default();
            let merge = Merge { top: at(0), bottom: at(2), left: at(4), right: at(6) };
            if merge.top <= merge.bottom && merge.left <= merge.right {
                self.sheet.merge(merge, budget)?;
            }
        }
        Ok(())
    }

    /// A record of one cell, or of several in a row; any other is passed over.
    fn cell(&mut self, kind: u16, data: &[u8], carrier: &mut Carrier, budget: &mut Budget) -> Result<()> {
        let (Some(row), Some(column), Some(value)) = (u16_at(data, 0), u16_at(data, 2), data.get(6..)) else {
            return Ok(());
        };
        let at = (u32::from(row), u32::from(column));
        let format = self.format(u16_at(data, 4));
        let cell = match kind {
            NUMBER | LOGICAL | COMPACT => carrier.add(kind, &[value])?,
            LABEL | 0x00D6 => self.label(value, carrier)?,
            SHARED => match u32_at(value, 0).and_then(|index| carrier.shared.get(&index)) {
                Some(&cell) => cell,
                None => {
                    let cell = carrier.add(SHARED, &[value])?;
                    carrier.shared.extend(u32_at(value, 0).map(|index| (index, cell)));
                    cell
                }
            },
            0x0006 | 0x0206 | 0x0406 => return self.formula(at, format, value, carrier),
            0x00BD => {
                for (cell, column) in data.get(4..).unwrap_or_default().chunks_exact(6).zip(at.1..) {
                    let value = carrier.add(COMPACT, &[cell.get(2..).unwrap_or_default()])?;
                    self.cells.insert((at.0, column), (value, self.format(u16_at(cell, 0))));
                }
                return Ok(());
            }
            0x0201 | 0x00BE => {
                let last = data.len().checked_sub(2).filter(|_| kind == 0x00BE).and_then(|at| u16_at(data, at));
                self.sheet.blank(at.0, at.1, last.map_or(at.1, u32::from).max(at.1), budget);
                return Ok(());
            }
            _ => return Ok(()),
        };
        self.cells.insert(at, (cell, format));
        Ok(())
    }

    /// A text, unless it is cut short or goes on in another record, which calamine would not tell.
    fn label(&self, value: &[u8], carrier: &mut Carrier) -> Result<u32> {
        let length = u16_at(value, 0).map(usize::from).unwrap_or_default();
        let size = match value.get(2) {
            Some(flags) if self.book.version == 0x0600 => 1 + length * usize::from(1 + (flags & 1)),
            _ => length,
        };
        if value.len() < 2 + size {
            return Err(broken(format!("a text of sheet {} breaks off", self.sheet.name)));
        }
        carrier.add(LABEL, &[value])
    }

    fn format(&self, format: Option<u16>) -> Kind {
        format.and_then(|format| self.book.kinds.get(usize::from(format))).copied().unwrap_or_default()
    }

    /// A formula's stored result, taken up as the cell it would be without the formula.
    fn formula(&mut self, at: At, format: Kind, value: &[u8], carrier: &mut Carrier) -> Result<()> {
        self.result = None;
        let Some(result) = value.first_chunk::<8>() else { return Ok(()) };
        let [kind, _, code, .., 0xFF, 0xFF] = result else {
            // Zero, to be calculated when the file is opened: the writer did not calculate it.
            if *result == [0; 8] && u16_at(value, 8).is_some_and(|flags| flags & 3 == 3) {
                self.sheet.unknown.get_or_insert(at);
            } else {
                self.cells.insert(at, (carrier.add(NUMBER, &[result])?, format));
            }
            return Ok(());
        };
        match kind {
            0 => self.result = Some((at, format)),
            1 | 2 => {
                let cell = carrier.add(LOGICAL, &[&[*code, kind - 1]])?;
                self.cells.insert(at, (cell, format));
            }
            3 => {
                self.sheet.unknown.get_or_insert(at);
            }
            _ => {}
        }
        Ok(())
    }

    /// The sheet, with the values that calamine decoded.
    fn finish(mut self, values: &Range<Data>, budget: &mut Budget) -> Result<Sheet> {
        for (at, (cell, format)) in self.cells {
            let value = values.get_value((cell / WIDTH, cell % WIDTH)).unwrap_or(&Data::Empty);
            if *value == Data::Empty {
                return Err(broken(format!("a cell of sheet {} cannot be read", self.sheet.name)));
            }
            self.sheet.put(at, &text(value, format, self.book.from_1904), budget)?;
        }
        let is_hidden =
            |at: &&At| self.hidden_rows.contains(&at.0) || self.hidden_columns.get(at.1 as usize) == Some(&true);
        self.sheet.hidden_cell = self.sheet.cells.keys().find(is_hidden).copied();
        Ok(self.sheet)
    }
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
        assert_eq!(book(0x0600, &[], &[label]).unwrap_err().code(), "truncated");
        let cells = [dimensions, number_cell(65_535, 65_535, 0, 1.0), record(0x00E5, &[0xFF; 3])];
        assert_eq!(show(&book(0x0600, &[], &cells).unwrap()[0]), "65535,65535=1;");
        let many: Vec<_> = (0..2_000).map(|row| number_cell(row, 0, 0, 1.0)).collect();
        assert_eq!(book(0x0600, &[], &many).unwrap_err().code(), "limit");
        assert_eq!(book(0x0600, &[record(0x002F, &[0; 4])], &[]).unwrap_err().code(), "encrypted");
        assert_eq!(book(0x0300, &[], &[]).unwrap_err().code(), "unsupported-format");
    }
}
