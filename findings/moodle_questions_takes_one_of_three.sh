#!/usr/bin/env bash
# One would guess: moodle-questions writes a question with three right answers, each worth 33.33333 percent, so that a person
#   can choose all three and gets the full mark.
# What happens: each fraction is cut to a whole number, so the three are worth 99 percent. No <single> element is written, and
#   no argument adds one. Moodle and moodle-xml-parser take a question without it to have a single answer. There is no warning.
# Why it matters: "choose all that apply" becomes a question in which nobody can choose more than one of the three, and so
#   nobody gets more than a third. Two right answers with 50 percent each keep their fractions, so a test with two finds only
#   half of it. Add <single>false</single> and the fractions to the written file.
# Seen with moodle-questions 0.2.1 (written) and moodle-xml-parser 0.3.1 (read) on Python 3.11.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check moodle-questions==0.2.1 moodle-xml-parser==0.3.1

cat > write.py <<'PY'
from importlib.metadata import version

from moodle_questions import MultipleChoiceQuestion, Quiz
from moodle_xml_parser.parser import parse_file

print("moodle-questions", version("moodle-questions"), "| moodle-xml-parser", version("moodle-xml-parser"))
for name, right, share in (("two", ["Water", "Soap"], 50), ("three", ["Water", "Soap", "Time"], 33.33333)):
    question = MultipleChoiceQuestion(name=name, question_text="What cleans hands?", default_mark=1)
    for text in right:
        question.add_answer(share, text)
    question.add_answer(-100, "Sand")
    quiz = Quiz()
    quiz.add_question(question)
    quiz.save("quiz.xml")

    with open("quiz.xml", encoding="utf-8") as file:
        xml = file.read()
    (read,) = parse_file("quiz.xml")["multichoice"]
    fractions = [option.score_fraction for option in read.options]
    print(f"{name}: fractions {fractions}, right ones add up to {sum(f for f in fractions if f > 0)}")
    print(f"  <single> written: {'<single>' in xml}, read as single={read.single}")
PY
seen=$(venv/bin/python write.py)
echo "$seen"

expected=$(cat <<'TXT'
moodle-questions 0.2.1 | moodle-xml-parser 0.3.1
two: fractions [50.0, 50.0, -100.0], right ones add up to 100.0
  <single> written: False, read as single=True
three: fractions [33.0, 33.0, 33.0, -100.0], right ones add up to 99.0
  <single> written: False, read as single=True
TXT
)
diff <(echo "$expected") <(echo "$seen") || { echo "The behaviour has changed." >&2; exit 1; }
