#!/usr/bin/env bash
# One would guess: mammoth, which turns Word documents into HTML, keeps the numbers and letters that Word shows before the
#   lines of a list, or reports that it cannot.
# What happens: each list becomes a plain <ol>. Options that Word shows as A) B) C) are numbered 1 2 3, and a list that
#   continues after an ordinary paragraph starts again, so that each question is number 1. The plain text has neither numbers
#   nor letters. The list of messages is empty.
# Why it matters: quizzes are drafted in Word, and the key refers to what Word shows: "1 B, 2 A". On the page there is no B,
#   and two questions have the number 1. A document in which nothing comes between the questions looks almost right. Read
#   the numbering with another tool, or write numbers and letters as text.
# Seen with mammoth 1.13.0 and python-docx 1.2.0 (to write the document) on Python 3.11.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check mammoth==1.13.0 python-docx==1.2.0

cat > convert.py <<'PY'
from importlib.metadata import version

import mammoth
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

print("mammoth", version("mammoth"))
document = Document()
W = nsdecls("w")
numbering = document.part.numbering_part.element
# One list of two levels, as Word writes it: 1. 2. 3. for the questions and A) B) C) for the options.
levels = "".join(
    f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
    for level, kind, text in ((0, "decimal", "%1."), (1, "upperLetter", "%2)"))
)
numbering.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="90">{levels}</w:abstractNum>'))
numbering.append(parse_xml(f'<w:num {W} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))


def add(text: str, level: int) -> None:
    properties = document.add_paragraph(text)._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>'))


add("What do you take first?", 0)
add("A towel", 1)
add("Soap", 1)
document.add_paragraph("The next question is about drying.")
add("What is best?", 0)
add("Paper", 1)
add("A sleeve", 1)
document.add_paragraph("Key: 1 B, 2 A")
document.save("quiz.docx")

with open("quiz.docx", "rb") as file:
    result = mammoth.convert_to_html(file)
    print(result.value.replace("<p>", "\n<p>").replace("</p>", "</p>\n"))
    print("messages:", result.messages)
    print("text:", " | ".join(mammoth.extract_raw_text(file).value.strip().split("\n\n")))
PY
seen=$(venv/bin/python convert.py)
echo "$seen"

expected=$(cat <<'TXT'
mammoth 1.13.0
<ol><li>What do you take first?<ol><li>A towel</li><li>Soap</li></ol></li></ol>
<p>The next question is about drying.</p>
<ol><li>What is best?<ol><li>Paper</li><li>A sleeve</li></ol></li></ol>
<p>Key: 1 B, 2 A</p>

messages: []
text: What do you take first? | A towel | Soap | The next question is about drying. | What is best? | Paper | A sleeve | Key: 1 B, 2 A
TXT
)
diff <(echo "$expected") <(echo "$seen") || { echo "The behaviour has changed." >&2; exit 1; }
