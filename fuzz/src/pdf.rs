//! A content stream in, a PDF of one page around it out, so that mutations go to operators and not to the file's frame.

/// A line that parts the input: content, then a `ToUnicode` map, then the dictionary of the font `F2`.
const PART: &[u8] = b"\n%--\n";

/// The PDF. `F1` is a simple font, `F2` one of two-byte codes with the map, `X` the same content as a form.
pub fn around(input: &[u8]) -> Vec<u8> {
    let (content, rest) = split(input);
    let (map, font) = split(rest);
    let composite = "/Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[<</Type/Font\
                     /Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>\
                     /DW 1000>>]";
    let font = if font.is_empty() { composite.as_bytes() } else { font };
    let stream = |dict: &str, data: &[u8]| {
        [format!("<<{dict}/Length {}>>stream\n", data.len()).as_bytes(), data, b"\nendstream"].concat()
    };
    let resources = "/Resources<</Font<</F1 4 0 R/F2 5 0 R>>/XObject<</X 7 0 R>>/Properties<</P<</MCID 0>>>>>>";
    let page = format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]{resources}/Contents 6 0 R/StructParents 0>>");
    let objects = [
        b"<</Type/Catalog/Pages 2 0 R/StructTreeRoot 9 0 R/MarkInfo<</Marked true>>>>".to_vec(),
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>".to_vec(),
        page.into_bytes(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_vec(),
        [b"<<".as_slice(), font, b"/ToUnicode 8 0 R>>"].concat(),
        stream("", content),
        stream(&format!("/Type/XObject/Subtype/Form/BBox[0 0 595 842]{resources}"), content),
        stream("", map),
        b"<</Type/StructTreeRoot/K 10 0 R>>".to_vec(),
        b"<</S/Table/P 9 0 R/K[<</S/TR/K[<</S/TH/Pg 3 0 R/K 0>><</S/TD/Pg 3 0 R/K 1>>]>><</S/TR/K[<</S/TD/Pg 3 0 R/K 2>>\
          <</S/TD/Pg 3 0 R/K[3 4]/A<</O/Table/RowSpan 2>>>>]>>]>>"
            .to_vec(),
    ];
    write(&objects)
}

/// The part before the line and the part behind it.
fn split(input: &[u8]) -> (&[u8], &[u8]) {
    let at = input.windows(PART.len()).position(|window| window == PART);
    at.map_or((input, &[][..]), |at| (&input[..at], &input[at + PART.len()..]))
}

fn write(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(objects) {
        table += &format!("{:010} 00000 n \n", file.len());
        file.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let end = format!("{table}trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{}\n%%EOF\n", objects.len() + 1, file.len());
    file.extend_from_slice(end.as_bytes());
    file
}
