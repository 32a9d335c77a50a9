#!/usr/bin/env bash
# Reads a batch from a real S3 server on the loopback address: tests/s3/run.sh
#
# The server is s3s-fs, from crates.io, which checks signatures and serves a folder. The batch over its objects must come to
# the ledger and dataset that a batch over the files comes to, and a wrong key to a row that says so.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools=target/tools
server="$tools/bin/s3s-fs"
[ -x "$server" ] || cargo install --quiet --locked --root "$tools" s3s-fs --version 0.14.1 --features binary
cargo build --quiet --features s3
gouji=$PWD/target/debug/gouji
work=$(mktemp -d)
port=$((20000 + RANDOM % 20000))
"$server" --host 127.0.0.1 --port "$port" --access-key key --secret-key secret "$work" >"$work.log" 2>&1 &
pid=$!
trap 'kill $pid 2>/dev/null; rm -rf "$work" "$work.log" "$work.out"' EXIT
mkdir -p "$work/reports/2024" "$work.out"
for case in 2021-html 2021-pdf-typst docx-spans markdown; do
  for input in fixtures/forms/cn.foi-annual/$case/input.*; do
    cp "$input" "$work/reports/2024/$case.${input##*.}"
  done
done
export AWS_ENDPOINT="http://127.0.0.1:$port" AWS_ALLOW_HTTP=true AWS_REGION=us-east-1
export AWS_ACCESS_KEY_ID=key AWS_SECRET_ACCESS_KEY=secret
for _ in $(seq 50); do curl -s -o /dev/null "$AWS_ENDPOINT" && break; sleep 0.1; done
"$gouji" batch s3://reports/2024 --out "$work.out/s3" --quiet
(cd "$work" && "$gouji" batch reports/2024 --out "$work.out/files" --quiet)
strip() { cut -d, -f1-17 "$1" | sed 's#s3://##'; }
diff <(strip "$work.out/s3/ledger.csv") <(strip "$work.out/files/ledger.csv")
[ "$(grep -c ,complete, "$work.out/s3/ledger.csv")" = 4 ]
AWS_SECRET_ACCESS_KEY=wrong "$gouji" batch s3://reports/2024 --out "$work.out/wrong" --quiet || status=$?
[ "${status:-0}" = 2 ]
grep -q 's3://reports/2024,,,failed,io,' "$work.out/wrong/ledger.csv"
echo "1 passed, 0 failed"
