#!/usr/bin/env python3
"""Times `gouji batch` over many files: `batch.py --gouji PROGRAM --work FOLDER [COUNT…]`.

In: the fixtures of forms that need no password. Each is copied with other figures: in text, sheets, Word and web pages every
figure is multiplied, so that the ties still hold; in a PDF the digits of its fonts' character maps change places, so that
they do not. Out: a table with files a second, CPU a file, peak memory of the supervisor and of a worker, and the CPU that reading
each file in a process of its own takes. Needs Python 3.11 and `pip install pikepdf==10.18.0`.
"""

import argparse
import io
import pathlib
import random
import re
import resource
import shutil
import subprocess
import threading
import time
import zipfile

import pikepdf

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures" / "forms"
# A figure in a cell of a web page or Word file, of Markdown, of text between tabs, and of a sheet (but no index of a string).
FIGURES = {
    "markup": re.compile(r"(?<=>)\d{1,7}(?=<)"),
    "markdown": re.compile(r"(?<=\| )\d{1,7}(?= \|)"),
    "text": re.compile(r"(?<=\t)\d{1,7}(?=[\t\n])"),
    "sheet": re.compile(r'(?<=<v>)\d{1,7}(?=</v>)'),
}
# Fewer changes than this make no other report.
ENOUGH = 60


def seeds():
    """Fixtures whose copies have other figures, by trying."""
    for case in sorted(FIXTURES.rglob("case.toml")):
        text = case.read_text(encoding="utf-8")
        files = list(case.parent.glob("input.*"))
        if files and "password" not in text and "limit" not in text and changed(files[0], 0):
            yield files[0]


def changed(seed, number):
    """The bytes of a copy with figures that no other copy has; None where that cannot be done."""
    data = seed.read_bytes()
    if data.startswith(b"PK"):
        return package(data, number)
    if b"%PDF-" in data[:1024]:
        return pdf(data, number)
    kind = {".html": "markup", ".md": "markdown"}.get(seed.suffix, "text")
    try:
        text, count = grown(kind, data.decode("utf-8"), number)
    except UnicodeDecodeError:
        return None
    return text.encode() if count >= ENOUGH else None


def grown(kind, text, number):
    """The text with its figures multiplied, and how many they are."""
    return FIGURES[kind].subn(lambda match: str(int(match.group(0)) * (number + 2)), text)


def package(data, number):
    """A zip package with other figures."""
    out, changes = io.BytesIO(), 0
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            body = old.read(info)
            sheet = info.filename.startswith("xl/worksheets/sheet")
            if sheet and b't="s"' in body:
                return None
            if sheet or info.filename == "word/document.xml":
                text, count = grown("sheet" if sheet else "markup", body.decode("utf-8"), number)
                body, changes = text.encode(), changes + count
            new.writestr(info, body)
    return out.getvalue() if changes >= ENOUGH else None


def pdf(data, number):
    """A PDF whose fonts' maps give other digits; only of fonts that map each digit by itself."""
    # 0 and 2 keep their places, so that years stay near.
    others = list("13456789")
    random.Random(number).shuffle(others)
    digits = ["0", others[0], "2", *others[1:]]
    turn = lambda match: b"%s<003%s>" % (match.group(1), digits[int(match.group(2))].encode())
    changes = 0
    with pikepdf.open(io.BytesIO(data)) as file:
        for item in file.objects:
            if isinstance(item, pikepdf.Stream) and b"begincmap" in (body := item.read_bytes()):
                body, count = re.subn(rb"(\n<[0-9A-Fa-f]+> *)<003([0-9])>", turn, body)
                changes = max(changes, count)
                item.write(body)
        file.docinfo["/Keywords"] = str(number)
        out = io.BytesIO()
        file.save(out, deterministic_id=True)
    return out.getvalue() if changes == len(digits) else None


def make(folder, count):
    """Makes `count` files in folders of a thousand."""
    shutil.rmtree(folder, ignore_errors=True)
    known = list(seeds())
    for number in range(count):
        seed = known[number % len(known)]
        place = folder / f"{number // 1000:03}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number:06}{seed.suffix}").write_bytes(changed(seed, number))


class Peaks(threading.Thread):
    """Watches the memory of a process and of its children, in KiB."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.own, self.child, self.ended = pid, 0, 0, False

    def peak(self, pid):
        """The most memory that a process ever had resident."""
        try:
            return int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1])
        except (OSError, TypeError):
            return 0

    def run(self):
        while not self.ended:
            self.own = max(self.own, self.peak(self.pid))
            try:
                children = pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
                tasks = pathlib.Path(f"/proc/{self.pid}/task").iterdir()
                children = {c for t in tasks for c in (t / "children").read_text().split()} | set(children)
                self.child = max([self.child, *map(self.peak, children)])
            except OSError:
                pass
            time.sleep(0.05)


def cpu():
    """CPU seconds of all children so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def batch(gouji, inputs, out, *more):
    """Runs a batch; gives wall and CPU seconds and the watcher."""
    before, begun = cpu(), time.monotonic()
    process = subprocess.Popen([gouji, "batch", inputs, "--out", out, "--quiet", *more], stdout=subprocess.DEVNULL)
    peaks = Peaks(process.pid)
    peaks.start()
    process.wait()
    peaks.ended = True
    return time.monotonic() - begun, cpu() - before, peaks


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--gouji", required=True)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("counts", nargs="*", type=int, default=[100, 1000, 10000])
    args = parser.parse_args()
    print("| files | rows | files/s | CPU ms a file | supervisor MiB | worker MiB | again, unchanged: CPU ms a file |")
    print("|---|---|---|---|---|---|---|")
    for count in args.counts:
        inputs, out = args.work / f"in{count}", args.work / f"out{count}"
        make(inputs, count)
        shutil.rmtree(out, ignore_errors=True)
        wall, used, peaks = batch(args.gouji, inputs, out)
        _, again, _ = batch(args.gouji, inputs, out)
        rows = sum(1 for _ in open(out / "ledger.csv", encoding="utf-8")) - 1
        print(
            f"| {count} | {rows} | {count / wall:.1f} | {used / count * 1000:.2f} | {peaks.own / 1024:.0f} "
            f"| {peaks.child / 1024:.0f} | {again / count * 1000:.2f} |",
            flush=True,
        )
    inputs = args.work / f"in{args.counts[0]}"
    files = sorted(f for f in inputs.rglob("*") if f.is_file())
    before = cpu()
    for file in files:
        subprocess.run([args.gouji, "extract", file, "--quiet"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    print(f"\n`gouji extract`, a process a file, the same {len(files)} files: {(cpu() - before) / len(files) * 1000:.2f} CPU ms a file")


if __name__ == "__main__":
    main()
