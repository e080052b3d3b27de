#!/usr/bin/env bash
# One would guess: Babel and the browser join a list in Spanish in the same way, because both take the words from CLDR.
# What happens: Spanish says "e" for "y" before the sound i, and "u" for "o" before the sound o. The browser's
#   Intl.ListFormat does so and writes "dolor e infección" and "7 u 8". Babel's format_list fills the pattern of CLDR, which
#   has one word for each list, and writes "dolor y infección" and "7 o 8". Neither reports anything.
# Why it matters: a list of symptoms or options is put together by the program, so a translator never sees the sentence. To
#   a Spanish reader "y infección" reads like "a infection". Lists that end otherwise look fine, and a page that joins one
#   list on the server and one in the browser disagrees with itself. Keep such lists whole in the message catalogue.
# Seen with Babel 2.19.0 on Python 3.11 and Node 20.20.2 (ICU as shipped with it).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check babel==2.19.0

cat > lists.json <<'JSON'
[["and", ["dolor", "infección"]],
 ["and", ["agua", "hielo"]],
 ["and", ["fiebre", "tos", "hinchazón"]],
 ["and", ["fiebre", "tos", "dolor"]],
 ["or", ["7", "8"]],
 ["or", ["calor", "olor"]]]
JSON
cat > join.py <<'PY'
import json
from importlib.metadata import version

from babel.lists import format_list

print("Babel", version("babel"))
with open("lists.json", encoding="utf-8") as file:
    for kind, words in json.load(file):
        print(" ", format_list(words, style={"and": "standard", "or": "or"}[kind], locale="es"))
PY
cat > join.cjs <<'JS'
console.log('Intl.ListFormat');
for (const [kind, words] of JSON.parse(require('fs').readFileSync('lists.json', 'utf8'))) {
  const type = { and: 'conjunction', or: 'disjunction' }[kind];
  console.log(' ', new Intl.ListFormat('es', { type }).format(words));
}
JS
seen=$(PYTHONUTF8=1 venv/bin/python join.py; node join.cjs)
echo "$seen"

expected=$(cat <<'TXT'
Babel 2.19.0
  dolor y infección
  agua y hielo
  fiebre, tos y hinchazón
  fiebre, tos y dolor
  7 o 8
  calor o olor
Intl.ListFormat
  dolor e infección
  agua y hielo
  fiebre, tos e hinchazón
  fiebre, tos y dolor
  7 u 8
  calor u olor
TXT
)
diff <(echo "$expected") <(echo "$seen") || { echo "The behaviour has changed." >&2; exit 1; }
