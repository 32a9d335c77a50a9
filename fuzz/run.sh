#!/usr/bin/env bash
# Fuzzes one target, or each of them: run.sh all|TARGET [SECONDS]. The first corpus is made by seed.py.
set -euo pipefail
cd "$(dirname "$0")"

readers=(pdf pdf_content xlsx xls xlsb ods docx doc rtf odt ofd html text)

# Longest input and dictionary of each target.
settings() {
  case $1 in
    pdf) echo 131072 pdf ;;
    pdf_content) echo 16384 pdf ;;
    xlsx | ods | docx | odt | ofd) echo 131072 office ;;
    xls | xlsb | doc | rtf) echo 65536 - ;;
    html) echo 32768 html ;;
    text) echo 16384 text ;;
    forms) echo 65536 form ;;
    extract | tables) echo 131072 - ;;
    *) echo "no target $1" >&2; return 2 ;;
  esac
}

fuzz() {
  local length dictionary options
  read -r length dictionary < <(settings "$1")
  options=(-max_total_time="$2" -max_len="$length" -timeout=20 -report_slow_units=5 -rss_limit_mb=2048 -print_final_stats=1)
  [[ $dictionary == - ]] || options+=(-dict="dict/$dictionary.dict")
  mkdir -p "corpus/$1"
  cargo fuzz run -s none "$1" -- "${options[@]}"
}

target=${1:?a target, or all}
seconds=${2:-600}
if [[ $target == all ]]; then
  for one in "${readers[@]}" forms extract tables; do fuzz "$one" "$seconds"; done
else
  fuzz "$target" "$seconds"
fi
