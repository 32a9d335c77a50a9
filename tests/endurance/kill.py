#!/usr/bin/env python3
"""Kills a batch again and again and asks whether anything was lost: `kill.py --gouji PROGRAM --work FOLDER [--times 100]`.

In: files as `benches/batch.py` makes them. A batch is run undisturbed; another over the same files is ended by SIGKILL, supervisor
and all, at random moments, workers alone now and then, until it was killed as often as asked, and then run to its end. Their
datasets must be the same, byte for byte, but for the seconds in ledger.csv. Then: a full disk, an output that is read-only, a
file that vanishes, two batches on one output. Needs root for the small file systems; says which step it could not take.
"""

import argparse
import csv
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "benches"))

import batch as bench  # noqa: E402

FAILED = []


def check(what, holds):
    """Says whether something holds."""
    print(("ok      " if holds else "FAILED  ") + what, flush=True)
    if not holds:
        FAILED.append(what)


def dataset(out):
    """The files of a dataset by relative path; the ledger without its seconds."""
    found = {}
    for file in sorted(out.rglob("*")):
        if file.is_file() and ".gouji" not in file.relative_to(out).parts:
            body = file.read_bytes()
            if file.name == "ledger.csv":
                rows = list(csv.DictReader(body.decode("utf-8").splitlines()))
                body = repr([{k: v for k, v in row.items() if k != "seconds"} for row in rows]).encode()
            found[str(file.relative_to(out))] = body
    return found


def start(gouji, inputs, out, **more):
    """Starts a batch."""
    return subprocess.Popen([gouji, "batch", inputs, "--out", out, "--quiet"], stderr=subprocess.PIPE, **more)


def workers(pid):
    """The worker processes of a batch."""
    found = []
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text().split()]
        except OSError:
            pass
    return found


def killed(gouji, inputs, out, whole, seconds, times, moments):
    """Kills a batch `times` times, while it reads and while it writes its dataset; whenever one got to its end, from anew."""
    kills = writing = ends = 0
    while kills < times:
        process = start(gouji, inputs, out)
        time.sleep(moments.uniform(0.01, seconds))
        if process.poll() is None:
            writing += (out / ".gouji" / "new").exists()
            process.send_signal(signal.SIGKILL)
            kills += 1
        elif kills < times - 3:
            ends += 1
            shutil.rmtree(out)
        process.wait()
    start(gouji, inputs, out).wait()
    what = f"{times} times SIGKILL ({writing} while the dataset was written, {ends} runs got to their end before)"
    check(f"{what}: the dataset is that of an undisturbed run", dataset(out) == whole)


def without_workers(gouji, inputs, out, moments):
    """Kills workers: their inputs fail, and a later run with --retry mends that."""
    process, kills = start(gouji, inputs, out), 0
    while process.poll() is None:
        time.sleep(moments.uniform(0.02, 0.1))
        for pid in workers(process.pid)[:1]:
            try:
                os.kill(pid, signal.SIGKILL)
                kills += 1
            except OSError:
                pass
    rows = list(csv.DictReader(open(out / "ledger.csv", encoding="utf-8")))
    crashed = [row for row in rows if row["code"] == "crashed"]
    check(f"{kills} workers killed: every input has its row, {len(crashed)} of {len(rows)} say crashed", 0 < len(crashed) <= kills)
    subprocess.run([gouji, "batch", inputs, "--out", out, "--quiet", "--retry"], check=False)
    return dataset(out)


def mounted(folder, options):
    """Mounts a small file system, if this is allowed here."""
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False)
    return done.returncode == 0


def full_disk(gouji, inputs, work, whole):
    """Runs out of space, gets more, goes on."""
    place = work / "small"
    if not mounted(place, "size=700k"):
        print("not run  full disk: no file system can be mounted here")
        return
    process = start(gouji, inputs, place / "out")
    said = process.communicate()[1].decode()
    check(f"a full disk ends the run with 2 and says so: {said.strip().splitlines()[0] if said else ''}", process.returncode == 2)
    check("and leaves no half ledger", not (place / "out" / "ledger.csv").exists())
    subprocess.run(["mount", "-o", "remount,size=512m", place], check=True)
    start(gouji, inputs, place / "out").wait()
    check("with more space it goes on to the same dataset", dataset(place / "out") == whole)
    subprocess.run(["umount", place], check=True)


def read_only(gouji, inputs, work):
    """Cannot write."""
    place = work / "fixed"
    if not mounted(place, "size=1m,ro"):
        print("not run  read-only output: no file system can be mounted here")
        return
    process = start(gouji, inputs, place / "out")
    said = process.communicate()[1].decode()
    check(f"a read-only output is refused: {said.strip().splitlines()[0] if said else ''}", process.returncode == 2)
    subprocess.run(["umount", place], check=True)


def vanishing(gouji, inputs, work):
    """Takes files away while they are being read."""
    copy, out = work / "vanishing", work / "vanished"
    shutil.copytree(inputs, copy)
    files = sorted(f for f in copy.rglob("*") if f.is_file())
    process = start(gouji, copy, out)
    time.sleep(0.15)
    for file in files[-20:]:
        file.unlink()
    process.wait()
    rows = list(csv.DictReader(open(out / "ledger.csv", encoding="utf-8")))
    gone = [row for row in rows if row["code"] == "io"]
    # Those that went before they were listed have no row; those that went after have one that says so.
    check(f"20 files vanish: {len(rows)} rows, {len(gone)} say that the file is not there", len(rows) >= len(files) - 20 and len(rows) - len(gone) == len(files) - 20)


def two(gouji, inputs, work):
    """Two batches on one output."""
    out = work / "two"
    first = start(gouji, inputs, out)
    while not (out / ".gouji" / "state.sqlite").exists():
        time.sleep(0.005)
    second = subprocess.run([gouji, "batch", inputs, "--out", out], capture_output=True, check=False)
    check("the second batch on an output refuses", second.returncode == 2 and b"another batch" in second.stderr)
    first.wait()


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--gouji", required=True)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--files", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    moments = random.Random(args.seed)
    shutil.rmtree(args.work, ignore_errors=True)
    inputs = args.work / "in"
    bench.make(inputs, args.files)
    begun = time.monotonic()
    start(args.gouji, inputs, args.work / "whole").wait()
    seconds = time.monotonic() - begun
    whole = dataset(args.work / "whole")
    print(f"{args.files} files, {seconds:.1f} s undisturbed, {len(whole)} files of the dataset")
    killed(args.gouji, inputs, args.work / "killed", whole, seconds, args.times, moments)
    check("killed workers, then --retry: the same dataset", without_workers(args.gouji, inputs, args.work / "workers", moments) == whole)
    full_disk(args.gouji, inputs, args.work, whole)
    read_only(args.gouji, inputs, args.work)
    vanishing(args.gouji, inputs, args.work)
    two(args.gouji, inputs, args.work)
    leftover = subprocess.run(["pgrep", "-f", "gouji worker"], capture_output=True, check=False).stdout.split()
    check(f"no worker is left behind ({len(leftover)})", not leftover)
    sys.exit(f"{len(FAILED)} failed" if FAILED else 0)


if __name__ == "__main__":
    main()
