#!/usr/bin/env python3
"""Reads every file of each folder with the release build, `gouji extract` and `gouji tables`, within 20 s and 2 GiB of address
space, and prints what became of them, a row a folder and command: hostile.py [--jsonl FILE] FOLDER…"""

import argparse
import collections
import json
import os
import pathlib
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time

GOUJI = pathlib.Path(__file__).resolve().parent.parent / "target/release/gouji"
SUFFIXES = {".pdf", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".docx", ".html", ".htm", ".txt", ".md", ".mht"}
SECONDS = 20
MEMORY = 2 << 30


def run(command, path):
    """How it ended (`read`, an error's code, `crashed` or `over time`), seconds, and peak memory in MiB."""
    with tempfile.TemporaryFile() as told:
        began = time.monotonic()
        child = subprocess.Popen([GOUJI, command, path], stdout=subprocess.DEVNULL, stderr=told,
                                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)))
        signal.signal(signal.SIGALRM, lambda *_: child.kill())
        signal.alarm(SECONDS)
        _, status, usage = os.wait4(child.pid, 0)
        signal.alarm(0)
        seconds = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        words = told.read().decode("utf-8", "replace")
    if seconds >= SECONDS:
        end = "over time"
    elif child.returncode < 0:
        end = "crashed"
    elif child.returncode == 2:
        code = re.search(r"error\[([a-z-]+)\]", words)
        end = code[1] if code else "crashed"
    else:
        end = "read"
    return end, seconds, usage.ru_maxrss / 1024


def row(folder, command, results):
    ends = collections.Counter(end for end, _, _ in results)
    refused = {code: count for code, count in sorted(ends.items()) if code not in {"read", "crashed", "over time"}}
    codes = ", ".join(f"{code} {count}" for code, count in refused.items()) or "–"
    slowest, largest = max(s for _, s, _ in results), max(m for _, _, m in results)
    return (f"| {folder} | {command} | {len(results)} | {ends['read']} | {sum(refused.values())}: {codes} | {ends['crashed']} "
            f"| {ends['over time']} | {slowest:.2f} | {largest:.0f} |")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folders", nargs="+", type=pathlib.Path)
    arguments.add_argument("--jsonl", type=argparse.FileType("w"), help="also write a line for each file and command")
    asked = arguments.parse_args()
    print("| set | command | files | read | refused | crashed | over 20 s | max s | max MiB |")
    print("|---|---|---|---|---|---|---|---|---|")
    bad = 0
    for folder in asked.folders:
        paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix.lower() in SUFFIXES)
        for command in ("extract", "tables") if paths else ():
            results = []
            for path in paths:
                end, seconds, memory = run(command, path)
                results.append((end, seconds, memory))
                bad += end in {"crashed", "over time", "internal"}
                if asked.jsonl:
                    line = {"file": str(path), "command": command, "end": end, "seconds": round(seconds, 3), "mib": round(memory)}
                    print(json.dumps(line, ensure_ascii=False), file=asked.jsonl, flush=True)
            print(row(folder.name, command, results), flush=True)
    return 1 if bad else 0


sys.exit(main())
