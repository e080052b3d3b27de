#!/usr/bin/env bash
# One would guess: gift-pegjs puts what a person who answers "true" should read into trueFeedback.
# What happens: GIFT lists the feedback for a wrong answer first and for a right answer second, whatever the truth is.
#   gift-pegjs names the first one trueFeedback and the second one falseFeedback, also for a true statement. If the statement
#   is true, the two names are the wrong way round. pygiftparser reads the same file and names them feedbackWrong and
#   feedbackCorrect.
# Why it matters: a player that shows trueFeedback to those who answered "true" tells people who were right that they were
#   not, and praises the others. Questions with a false statement look fine, so a test with one of those does not notice.
# Seen with gift-pegjs 1.0.2 on Node 20 and pygiftparser 1.1 on Python 3.11.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund gift-pegjs@1.0.2 > /dev/null
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pygiftparser==1.1

cat > quiz.gift <<'GIFT'
::ice::Ice floats on water.{TRUE#No, look at a glass of iced water.#Yes, it floats.}

::lead::Lead floats on water.{FALSE#No, lead sinks.#Yes, it sinks.}
GIFT

cat > read.cjs <<'JS'
const fs = require('fs');
console.log('gift-pegjs', JSON.parse(fs.readFileSync('node_modules/gift-pegjs/package.json')).version);
for (const q of require('gift-pegjs').parse(fs.readFileSync('quiz.gift', 'utf8'))) {
  console.log(`${q.title} is ${q.isTrue}: trueFeedback "${q.trueFeedback.text}" falseFeedback "${q.falseFeedback.text}"`);
}
JS
cat > read.py <<'PY'
from importlib.metadata import version

from pygiftparser import parser

print("pygiftparser", version("pygiftparser"))
with open("quiz.gift") as file:
    for q in parser.parseFile(file):
        a = q.answers
        print(f'{q.title} is {a.answer}: feedbackCorrect "{a.feedbackCorrect}" feedbackWrong "{a.feedbackWrong}"')
PY
seen=$(node read.cjs; venv/bin/python -W ignore read.py)
echo "$seen"

expected=$(cat <<'TXT'
gift-pegjs 1.0.2
ice is true: trueFeedback "No, look at a glass of iced water." falseFeedback "Yes, it floats."
lead is false: trueFeedback "No, lead sinks." falseFeedback "Yes, it sinks."
pygiftparser 1.1
ice is True: feedbackCorrect "Yes, it floats." feedbackWrong "No, look at a glass of iced water."
lead is False: feedbackCorrect "Yes, it sinks." feedbackWrong "No, lead sinks."
TXT
)
diff <(echo "$expected") <(echo "$seen") || { echo "The behaviour has changed." >&2; exit 1; }
