#!/usr/bin/env bash
# One would guess: a translation marked fuzzy in a PO file is left out of the compiled catalogue, and the reader sees the
#   original until a translator has looked at it. msgfmt and "pybabel compile" do so.
# What happens: gettext-parser and i18next-conv (npm) treat it as a finished translation, without a warning. gettext-parser has
#   no option for this; i18next-conv leaves it out only with --skipUntranslated.
# Why it matters: "pybabel update" puts the old translation under a changed sentence as a guess and marks it fuzzy. After
#   "You can" has become "You cannot", the guess still says "you can", and it is what a page that loads the catalogue in the
#   browser shows, while the pages of the server are right. Remove fuzzy entries before converting ("msgattrib --no-fuzzy").
# Seen with Babel 2.19.0 on Python 3.11, and gettext-parser 10.0.0 and i18next-conv 16.0.0 on Node 20.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund gettext-parser@10.0.0 i18next-conv@16.0.0 > /dev/null
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check babel==2.19.0

cat > es.po <<'PO'
msgid ""
msgstr ""
"Language: es\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "You can swim with this plaster on."
msgstr "Puede nadar con este apósito puesto."
PO
sed 's/You can /You cannot /; s/Puede.*"/"/' es.po > new.pot  # the sentence after a correction in the source
venv/bin/pybabel update -l es -i new.pot -o es.po 2> /dev/null

cat > read.py <<'PY'
import gettext
import sys

with open(sys.argv[1], "rb") as file:
    print(f"  {sys.argv[2]}:", gettext.GNUTranslations(file).gettext("You cannot swim with this plaster on."))
PY
cat > compile.mjs <<'JS'
import { readFileSync, writeFileSync } from 'node:fs';
import { mo, po } from 'gettext-parser';
writeFileSync('parser.mo', mo.compile(po.parse(readFileSync('es.po'))));
JS
version() { node -p "'$1 ' + JSON.parse(require('fs').readFileSync('node_modules/$1/package.json')).version"; }
export PYTHONUTF8=1
seen=$(
  venv/bin/pybabel --version | sed 's/pybabel/Babel/'
  version gettext-parser
  version i18next-conv
  echo "after pybabel update:"
  sed -n '/fuzzy/,$p' es.po
  venv/bin/pybabel compile -l es -i es.po -o babel.mo 2> /dev/null
  venv/bin/python read.py babel.mo "pybabel compile"
  node compile.mjs
  venv/bin/python read.py parser.mo "gettext-parser"
  node_modules/.bin/i18next-conv -l es -s es.po -t es.json > /dev/null
  echo "  i18next-conv: $(node -p "require('./es.json')['You cannot swim with this plaster on.']")"
)
echo "$seen"

expected=$(cat <<'TXT'
Babel 2.19.0
gettext-parser 10.0.0
i18next-conv 16.0.0
after pybabel update:
#, fuzzy
msgid "You cannot swim with this plaster on."
msgstr "Puede nadar con este apósito puesto."

  pybabel compile: You cannot swim with this plaster on.
  gettext-parser: Puede nadar con este apósito puesto.
  i18next-conv: Puede nadar con este apósito puesto.
TXT
)
diff <(echo "$expected") <(echo "$seen") || { echo "The behaviour has changed." >&2; exit 1; }
