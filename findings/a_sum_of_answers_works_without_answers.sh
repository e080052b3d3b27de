#!/usr/bin/env bash
# One would guess: the FHIRPath expression item.answer.value.sum(), with which a FHIR questionnaire computes a score, gives
#   the same in fhirpath (npm) and in its Python counterpart fhirpathpy.
# What happens: fhirpathpy's sum() adds numbers written in the expression, such as (1 | 2).sum(), but raises TypeError for
#   numbers that come from a resource; avg() does too. If no question is answered there is nothing to add, no error
#   is raised, and the sum is 0. fhirpath gives 5 for the answers 1, 2, 2 and an empty result for no answers.
# Why it matters: a test of the expression with literals passes in both. In use, a person who skipped all questions gets the
#   score 0 from one program and no score from the other, and a condition such as "sum() < 3" is true in one only.
#   aggregate($this + $total, 0) works and gives the same in both; ask with exists() whether there is an answer.
# Seen with fhirpath 5.2.2 on Node 20 and fhirpathpy 2.2.4 on Python 3.11, both with the model of FHIR R4.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund fhirpath@5.2.2 > /dev/null
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check fhirpathpy==2.2.4

cat > input.json <<'JSON'
{
  "expressions": [
    "(1 | 2).sum()",
    "item.answer.value.sum()",
    "item.answer.value.sum() < 3",
    "item.answer.value.avg()",
    "item.answer.value.aggregate($this + $total, 0)"
  ],
  "responses": {
    "answered 1, 2, 2": {
      "resourceType": "QuestionnaireResponse",
      "status": "completed",
      "item": [
        { "linkId": "sleep", "answer": [{ "valueInteger": 1 }] },
        { "linkId": "walking", "answer": [{ "valueInteger": 2 }] },
        { "linkId": "work", "answer": [{ "valueInteger": 2 }] }
      ]
    },
    "answered nothing": {
      "resourceType": "QuestionnaireResponse",
      "status": "completed",
      "item": [{ "linkId": "sleep" }, { "linkId": "walking" }, { "linkId": "work" }]
    }
  }
}
JSON
cat > evaluate.cjs <<'JS'
const { expressions, responses } = require('./input.json');
const fhirpath = require('fhirpath');
const model = require('fhirpath/fhir-context/r4');
console.log('fhirpath', JSON.parse(require('fs').readFileSync('node_modules/fhirpath/package.json')).version);
for (const [name, response] of Object.entries(responses)) {
  console.log(name);
  for (const expression of expressions) {
    console.log(`  ${expression}: ${JSON.stringify(fhirpath.evaluate(response, expression, null, model))}`);
  }
}
JS
cat > evaluate.py <<'PY'
import json
from importlib.metadata import version

from fhirpathpy import evaluate
from fhirpathpy.models import models

print("fhirpathpy", version("fhirpathpy"))
with open("input.json") as file:
    given = json.load(file)
for name, response in given["responses"].items():
    print(name)
    for expression in given["expressions"]:
        try:
            result = json.dumps(evaluate(response, expression, {}, models["r4"]), default=str)
        except TypeError as error:
            result = type(error).__name__
        print(f"  {expression}: {result}")
PY
seen=$(node evaluate.cjs; venv/bin/python evaluate.py)
echo "$seen"

expected=$(cat <<'TXT'
fhirpath 5.2.2
answered 1, 2, 2
  (1 | 2).sum(): [3]
  item.answer.value.sum(): [5]
  item.answer.value.sum() < 3: [false]
  item.answer.value.avg(): [1.6666666666666667]
  item.answer.value.aggregate($this + $total, 0): [5]
answered nothing
  (1 | 2).sum(): [3]
  item.answer.value.sum(): []
  item.answer.value.sum() < 3: []
  item.answer.value.avg(): []
  item.answer.value.aggregate($this + $total, 0): [0]
fhirpathpy 2.2.4
answered 1, 2, 2
  (1 | 2).sum(): [3]
  item.answer.value.sum(): TypeError
  item.answer.value.sum() < 3: TypeError
  item.answer.value.avg(): TypeError
  item.answer.value.aggregate($this + $total, 0): [5]
answered nothing
  (1 | 2).sum(): [3]
  item.answer.value.sum(): [0]
  item.answer.value.sum() < 3: [true]
  item.answer.value.avg(): []
  item.answer.value.aggregate($this + $total, 0): [0]
TXT
)
diff <(echo "$expected") <(echo "$seen") || { echo "The behaviour has changed." >&2; exit 1; }
