#!/usr/bin/env bash
# Runs the blocks of docs/read-the-dataset.md on the dataset in $1 and validates exports of it, with other people's readers.
# Usage: tests/readers/run.sh DATASET [GOUJI]; the readers go to a venv, $READERS or one below target/.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
dataset=$(cd "$1" && pwd)
gouji=${2:-$root/target/debug/gouji}
venv=${READERS:-$root/target/readers}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ ! -x "$venv/bin/frictionless" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check \
    duckdb==2.0.1 pandas==3.1.1 pyarrow==26.0.1 polars==2.1.0 'frictionless[excel]==5.21.0' openpyxl==3.1.5
fi

"$venv/bin/python" "$root/tests/readers/blocks.py" "$root/docs/read-the-dataset.md" "$work/blocks"
for block in "$work"/blocks/*.py; do
  echo "== $(basename "$block")"
  (cd "$dataset" && "$venv/bin/python" "$block")
done

for format in csv parquet sqlite xlsx; do
  echo "== export --to $format"
  "$gouji" export "$dataset" --to "$format" --out "$work/$format"
  (cd "$work/$format" && sha256sum --check --quiet MANIFEST.sha256)
  (cd "$work/$format" && "$venv/bin/frictionless" validate datapackage.json)
done
"$venv/bin/python" "$root/tests/readers/same.py" "$dataset" "$work"
echo "readers: all passed"
