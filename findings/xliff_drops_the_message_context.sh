#!/usr/bin/env bash
# One would guess: a PO file sent to a translator as XLIFF and back (po2xliff, xliff2po) keeps the contexts of its messages.
# What happens: msgctxt is not written to the XLIFF file. On the way back a message that occurs once has no context, and of
#   messages that occur more often the context is the place in the source, such as "quiz.html:3". All translations are still
#   there, pybabel compiles the file and reports 100% translated, and pgettext() finds none of them.
# Why it matters: contexts are used for short words, which a quiz is full of ("Right", "Next", "Done"). After the round
#   trip these words are in English in the Spanish quiz, and the file passes as complete. Compare the contexts before
#   and after.
# Seen with translate-toolkit 3.20.4 and Babel 2.18.0 on Python 3.11.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check translate-toolkit==3.20.4 babel==2.18.0

cat > before.po <<'PO'
msgid ""
msgstr ""
"Language: es\n"
"Content-Type: text/plain; charset=UTF-8\n"

#: quiz.html:3
msgctxt "verdict"
msgid "Right"
msgstr "Correcto"

#: quiz.html:4
msgctxt "side of the body"
msgid "Right"
msgstr "Derecha"

#: quiz.html:5
msgctxt "button"
msgid "Done"
msgstr "Listo"

#: quiz.html:6
msgid "Your answers"
msgstr "Sus respuestas"
PO
venv/bin/po2xliff --progress=none before.po middle.xlf
venv/bin/xliff2po --progress=none middle.xlf after.po

cat > look.py <<'PY'
import gettext
from importlib.metadata import version

print("translate-toolkit", version("translate-toolkit"), "| Babel", version("babel"))
for name in ("before", "after"):
    with open(f"{name}.mo", "rb") as file:
        t = gettext.GNUTranslations(file)
    asked = [("verdict", "Right"), ("side of the body", "Right"), ("button", "Done")]
    print(name, [t.pgettext(*message) for message in asked], t.gettext("Your answers"))
PY
for name in before after; do
  sed -i '/^#, fuzzy$/d' "$name.po"  # xliff2po marks the header only; pybabel would skip the file
  venv/bin/pybabel compile --statistics -i "$name.po" -o "$name.mo" -l es 2> "$name.log"
done
seen=$(venv/bin/python look.py; grep -ho '[0-9]* of .* translated' before.log after.log; grep -h msgctxt after.po)
echo "$seen"

expected=$(cat <<'TXT'
translate-toolkit 3.20.4 | Babel 2.18.0
before ['Correcto', 'Derecha', 'Listo'] Sus respuestas
after ['Right', 'Right', 'Done'] Sus respuestas
4 of 4 messages (100%) translated
4 of 4 messages (100%) translated
msgctxt "quiz.html:3"
msgctxt "quiz.html:4"
TXT
)
diff <(echo "$expected") <(echo "$seen") || { echo "The behaviour has changed." >&2; exit 1; }
