#!/usr/bin/env bash
# One would guess: a radio button "cold" that pdf-lib puts into a PDF form is read by pypdf as "cold", as a choice from a
#   drop-down list is.
# What happens: pdf-lib stores the position of the button ("/1") and puts the names into a separate list (/Opt), which the
#   format allows. pdf-lib looks the name up again and says "cold"; pypdf's get_fields() gives "/1". Filling in
#   "not sure" with pypdf stores the words but marks no button, and pdf-lib then reads undefined. No error is raised.
# Why it matters: a quiz on a PDF form is usually made and collected with different tools. The collected answers are
#   positions, counted from 0, so an order changed between two editions changes what the answers mean. Look the position up
#   in /Opt, or use drop-down lists.
# Seen with pdf-lib 1.17.1 on Node 20 and pypdf 7.1.1 on Python 3.11.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund pdf-lib@1.17.1 > /dev/null
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pypdf==7.1.1

cat > make.cjs <<'JS'
const fs = require('fs');
const { PDFDocument } = require('pdf-lib');
(async () => {
  const pdf = await PDFDocument.create();
  const page = pdf.addPage();
  const radio = pdf.getForm().createRadioGroup('radio');
  const options = ['hot', 'cold', 'not sure'];
  options.forEach((option, i) => radio.addOptionToPage(option, page, { x: 20, y: 20 + 60 * i }));
  radio.select('cold');
  const list = pdf.getForm().createDropdown('list');
  list.setOptions(options);
  list.addToPage(page, { x: 200, y: 20 });
  list.select('cold');
  fs.writeFileSync('quiz.pdf', await pdf.save());
})();
JS
cat > read.cjs <<'JS'
const fs = require('fs');
const { PDFDocument } = require('pdf-lib');
(async () => {
  const pdf = await PDFDocument.load(fs.readFileSync(process.argv[2]));
  const form = pdf.getForm();
  console.log(process.argv[2], '| pdf-lib:', form.getRadioGroup('radio').getSelected(), form.getDropdown('list').getSelected());
})();
JS
cat > read.py <<'PY'
import sys
from importlib.metadata import version

from pypdf import PdfReader, PdfWriter

reader = PdfReader(sys.argv[1])
fields = reader.get_fields() or {}
radio, choice = fields["radio"], fields["list"]
marked = [kid.get_object()["/AS"] for kid in radio["/Kids"]]
print(sys.argv[1], f"| pypdf {version('pypdf')}:", radio.value, choice.value, "| buttons", *marked, "| names", *radio["/Opt"])
if sys.argv[2:]:
    writer = PdfWriter(clone_from=reader)
    writer.update_page_form_field_values(writer.pages[0], {"radio": "not sure", "list": "not sure"}, auto_regenerate=False)
    writer.write(sys.argv[2])
PY
seen=$(
  node make.cjs
  node read.cjs quiz.pdf
  venv/bin/python read.py quiz.pdf filled.pdf
  node read.cjs filled.pdf
  venv/bin/python read.py filled.pdf
)
echo "$seen"

expected=$(cat <<'TXT'
quiz.pdf | pdf-lib: cold [ 'cold' ]
quiz.pdf | pypdf 7.1.1: /1 cold | buttons /Off /1 /Off | names hot cold not sure
filled.pdf | pdf-lib: undefined [ 'not sure' ]
filled.pdf | pypdf 7.1.1: not sure not sure | buttons /Off /Off /Off | names hot cold not sure
TXT
)
diff <(echo "$expected") <(echo "$seen") || { echo "The behaviour has changed." >&2; exit 1; }
