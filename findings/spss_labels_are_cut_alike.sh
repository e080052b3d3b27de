#!/usr/bin/env bash
# One would guess: pyreadstat writes the text of an answer into an SPSS file as a value label, or says that it is too long.
# What happens: a value label is cut after 120 bytes, and the label of a variable (the question) after 256. There is no
#   warning. Two answers that differ only in their end get the same label, and apply_value_formats turns them into one
#   category. An accented letter counts twice, so a Spanish text is cut earlier than an English one of the same length.
# Why it matters: a right answer and its distractor often begin alike, so the table of answers has one row where two were
#   chosen. A long question loses its end, such as "and when not?". Count the bytes before writing, or use short
#   labels.
# Seen with pyreadstat 1.3.7 and pandas 3.1.1 on Python 3.11.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pyreadstat==1.3.7 pandas==3.1.1

cat > export.py <<'PY'
import warnings
from importlib.metadata import version

import pandas as pd
import pyreadstat

warnings.simplefilter("error")
print("pyreadstat", version("pyreadstat"))
BEGIN = "Dry your hands on a clean towel, between the fingers too, and let the towel hang up in the air so that it is dry when the next"
answers = {1: f"{BEGIN} person comes.", 2: f"{BEGIN} week begins."}
QUESTION = (
    "Usted está en la cocina, acaba de lavarse las manos con agua y jabón, y la toalla que está colgada allí también la usó "
    "otra persona después de cocinar. Según la lección, ¿cuándo puede usted secarse las manos con esa toalla húmeda, "
    "y cuándo es mejor que no?"
)

data = pd.DataFrame({"towel": [1, 1, 2, 2, 2]})
pyreadstat.write_sav(data, "quiz.sav", column_labels={"towel": QUESTION}, variable_value_labels={"towel": answers})
read, meta = pyreadstat.read_sav("quiz.sav", apply_value_formats=True)

print("bytes of the answers", [len(text.encode()) for text in answers.values()])
labels = meta.variable_value_labels["towel"]
print("bytes of the labels", [len(text.encode()) for text in labels.values()], "| end:", labels[1][-20:])
print("answers in the data", data["towel"].nunique(), "| after the round trip", read["towel"].nunique())
question = meta.column_names_to_labels["towel"]
print("bytes of the question", len(QUESTION.encode()), "| of its label", len(question.encode()), "| end:", question[-30:])
PY
seen=$(venv/bin/python export.py)
echo "$seen"

expected=$(cat <<'TXT'
pyreadstat 1.3.7
bytes of the answers [140, 139]
bytes of the labels [120, 120] | end: at it is dry when th
answers in the data 2 | after the round trip 1
bytes of the question 269 | of its label 255 | end: esa toalla húmeda, y cuándo es
TXT
)
diff <(echo "$expected") <(echo "$seen") || { echo "The behaviour has changed." >&2; exit 1; }
