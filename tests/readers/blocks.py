"""Writes each ```python block of a Markdown file to a file of its own: blocks.py PAGE FOLDER."""

import re
import sys
from pathlib import Path

page, folder = Path(sys.argv[1]), Path(sys.argv[2])
folder.mkdir(parents=True)
blocks = re.findall(r"^```python (\w+)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
if not blocks:
    sys.exit(f"{page} has no blocks to run")
for number, (reader, block) in enumerate(blocks, 1):
    (folder / f"{number:02}-{reader}.py").write_text(block, encoding="utf-8")
