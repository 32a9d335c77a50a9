#!/usr/bin/env python3
"""Makes the first corpus of every target out of the fixtures: corpus/<target>/<fixture>. Needs pikepdf for what is inside PDFs."""

import hashlib
import io
import pathlib
import re
import struct
import zipfile

import pikepdf

HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE.parent / "fixtures"
FORMS = HERE.parent / "forms"
LARGEST = 1 << 17
# What the whole pipe tries is kept small: it runs everything twice.
LARGEST_OF_PIPE = 32 << 10


def put(target, name, data, largest=LARGEST):
    if len(data) > largest:
        return
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def fixtures():
    """Name, suffix and bytes of every input."""
    for path in sorted(FIXTURES.rglob("*")):
        if path.is_file() and path.suffix in {".pdf", ".xlsx", ".xls", ".xlsb", ".ods", ".docx", ".doc", ".rtf", ".odt", ".ofd", ".html", ".mht", ".txt", ".md"}:
            name = "-".join(path.relative_to(FIXTURES).with_suffix("").parts).removesuffix("-input")
            yield name, path.suffix[1:], path.read_bytes()


def unpacked(data):
    """The PDF with its streams as they are behind their filters, and its objects outside of object streams."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            out = io.BytesIO()
            pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
                     object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=not pdf.is_encrypted)
            return out.getvalue()
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError):
        return None


def content(data):
    """The operators of the first page and the map of one of its fonts, as the target `pdf_content` takes them."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            page = pdf.pages[0]
            page.contents_coalesce()
            drawn = page.Contents.read_bytes()
            fonts = page.get("/Resources", {}).get("/Font", {})
            maps = [font.ToUnicode.read_bytes() for font in fonts.values() if "/ToUnicode" in font]
            names = {name: b"/F2" if "/ToUnicode" in font else b"/F1" for name, font in fonts.items()}
    except (pikepdf.PdfError, pikepdf.PasswordError, AttributeError, IndexError, ValueError):
        return None
    swap = lambda found: names.get(found[1].decode("latin-1"), b"/F1") + found[2]
    drawn = re.sub(rb"(/[^\s/\[<(]+)(\s+[-+.\d]+\s+Tf)", swap, drawn)
    return drawn[:8 << 10] + b"\n%--\n" + (maps[0][:4 << 10] if maps else b"")


def xlsb():
    """A workbook of binary parts; nothing at hand writes one."""
    def record(kind, *data):
        data = b"".join(data)
        kind = bytes([kind & 0x7F | 0x80, kind >> 7]) if kind >= 0x80 else bytes([kind])
        return kind + bytes([len(data) & 0x7F | 0x80, len(data) >> 7]) + data

    def wide(text):
        units = text.encode("utf-16-le")
        return struct.pack("<I", len(units) // 2) + units

    def cell(kind, column, value, style=0):
        return record(kind, struct.pack("<II", column, style), value)

    def row(number):
        return record(0x00, struct.pack("<IIHBBB", number, 0, 300, 0, 0, 0), struct.pack("<I", 0))

    sheet = [record(0x81), record(0x94, struct.pack("<4I", 0, 9, 0, 4)), record(0x91)]
    for number, label in enumerate(["信息内容", "规章", "行政规范性文件"]):
        sheet += [row(number), cell(0x07, 0, struct.pack("<I", number)), cell(0x06, 1, wide(label)),
                  cell(0x02, 2, struct.pack("<I", (2057 << 2) | 3)), cell(0x05, 3, struct.pack("<d", 45658.5), 1), cell(0x01, 4, b"")]
    sheet += [row(3), cell(0x03, 0, b"\x07"), cell(0x04, 1, b"\x01"), cell(0x09, 2, struct.pack("<dHI", 0.5, 0, 0)),
              cell(0x08, 3, wide("甲") + b"\0" * 6), cell(0x3E, 4, b"\0" + wide("乙"))]
    sheet += [record(0x92), record(0xB1, struct.pack("<I", 1)), record(0xB0, struct.pack("<4I", 0, 1, 1, 2)), record(0xB2), record(0x82)]
    columns = record(0x186) + record(0x3C, struct.pack("<IIIIH", 1, 2, 2560, 0, 1)) + record(0x187)
    strings = record(0x9F, struct.pack("<II", 3, 3)) + b"".join(record(0x13, b"\0", wide(t)) for t in ["一", "二", "三"]) + record(0xA0)
    styles = (record(0x116) + record(0x267, struct.pack("<I", 1)) + record(0x2C, struct.pack("<H", 164), wide("0.00%")) + record(0x268)
              + record(0x269, struct.pack("<I", 2)) + record(0x2F, struct.pack("<HHHHHBBBBH", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
              + record(0x2F, struct.pack("<HHHHHBBBBH", 0, 14, 0, 0, 0, 0, 0, 0, 0, 0)) + record(0x26A) + record(0x117))
    book = (record(0x83) + record(0x99, struct.pack("<II", 0, 0), wide("")) + record(0x8F)
            + record(0x9C, struct.pack("<II", 0, 1), wide("rId1"), wide("表一")) + record(0x90) + record(0x84))
    link = ("http://schemas.openxmlformats.org/officeDocument/2006/relationships/", "http://schemas.openxmlformats.org/package/2006/relationships")
    rels = lambda *items: (f'<Relationships xmlns="{link[1]}">' + "".join(
        f'<Relationship Id="rId{n}" Type="{link[0]}{kind}" Target="{target}"/>' for n, kind, target in items) + "</Relationships>").encode()
    return {
        "_rels/.rels": rels((1, "officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": rels((1, "worksheet", "worksheets/sheet1.bin"), (2, "sharedStrings", "sharedStrings.bin"), (3, "styles", "styles.bin")),
        "xl/worksheets/sheet1.bin": sheet[0] + columns + b"".join(sheet[1:]),
        "xl/sharedStrings.bin": strings,
        "xl/styles.bin": styles,
    }


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as z:
        for name, data in parts.items():
            z.writestr(name, data)
    return out.getvalue()


READERS = {"pdf": "pdf", "xlsx": "xlsx", "xls": "xls", "xlsb": "xlsb", "ods": "ods", "docx": "docx", "doc": "doc", "rtf": "rtf",
           "odt": "odt", "ofd": "ofd", "html": "html", "mht": "html", "txt": "text", "md": "text"}


def main():
    seen = set()
    for name, suffix, data in fixtures():
        # A web page may be called a document.
        put("html" if suffix == "doc" and not data.startswith(b"\xd0\xcf") else READERS[suffix], name, data)
        if suffix == "pdf":
            for extra, made in [("pdf", unpacked(data)), ("pdf_content", content(data))]:
                digest = hashlib.sha256(made or b"").digest()
                if made and digest not in seen:
                    seen.add(digest)
                    put(extra, f"{name}-unpacked", made)
                    if extra == "pdf":
                        put("tables" if name.startswith("tables") else "extract", f"{name}-unpacked.pdf", made, LARGEST_OF_PIPE)
        for target in ("extract", "tables"):
            put(target, f"{name}.{suffix}", data, LARGEST_OF_PIPE)
    for target in ("xlsb", "extract", "tables"):
        put(target, "written.xlsb", zipped(xlsb()))
    put("forms", "mini", (HERE / "seeds/mini.toml").read_bytes())
    for path in sorted(FORMS.rglob("*.toml")):
        # Under another id: those of the built-in forms are taken.
        put("forms", f"{path.parent.name}-{path.stem}", re.sub(rb'^id = ".*"', b'id = "x/1"', path.read_bytes(), flags=re.M))
    for folder in sorted((HERE / "corpus").iterdir()):
        print(f"{folder.name}: {len(list(folder.iterdir()))} seeds")


main()
