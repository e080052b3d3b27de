#!/usr/bin/env bash
# One would guess: a FHIR resource that npm's fhir writes as XML and reads back is the resource one started with.
# What happens: every valueDecimal and every Quantity value comes back as a string; integers and booleans stay what they
#   were. The package's own validator accepts the resource before and rejects it after, but xmlToObj() says nothing.
# Why it matters: the score of an answer (ordinalValue) is a decimal. Adding three scores of 1 that came through XML gives
#   "0111", and sorting puts 10 before 2; no error is raised. Convert decimals with Number() after xmlToObj().
# Seen with fhir 4.12.0 on Node 20.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund fhir@4.12.0 > /dev/null

cat > score.cjs <<'JS'
const fs = require('fs');
const { Fhir } = require('fhir');
const fhir = new Fhir();
console.log('fhir', JSON.parse(fs.readFileSync('node_modules/fhir/package.json')).version);

const ordinal = 'http://hl7.org/fhir/StructureDefinition/ordinalValue';
const answers = [1, 1, 1].map((score) => ({
  valueCoding: { code: 'sometimes', extension: [{ url: ordinal, valueDecimal: score }] },
}));
const before = {
  resourceType: 'QuestionnaireResponse',
  status: 'completed',
  item: [
    ...answers.map((answer, i) => ({ linkId: `scored-${i + 1}`, answer: [answer] })),
    { linkId: 'integer', answer: [{ valueInteger: 3 }] },
    { linkId: 'boolean', answer: [{ valueBoolean: false }] },
    { linkId: 'decimal', answer: [{ valueDecimal: 2.5 }] },
    { linkId: 'quantity', answer: [{ valueQuantity: { value: 10, unit: 'min' } }] },
  ],
};
const after = fhir.xmlToObj(fhir.objToXml(before));

for (const [name, resource] of [['before', before], ['after XML', after]]) {
  const values = resource.item.map((item) => item.answer[0]);
  const scores = values.slice(0, 3).map((value) => value.valueCoding.extension[0].valueDecimal);
  const sum = scores.reduce((a, b) => a + b, 0);
  console.log(`${name}: valid`, fhir.validate(resource).valid, '| sum of scores', JSON.stringify(sum));
  console.log('  ', values.slice(3).map((value) => JSON.stringify(value)).join(' '));
}
JS
seen=$(node score.cjs)
echo "$seen"

expected=$(cat <<'TXT'
fhir 4.12.0
before: valid true | sum of scores 3
   {"valueInteger":3} {"valueBoolean":false} {"valueDecimal":2.5} {"valueQuantity":{"value":10,"unit":"min"}}
after XML: valid false | sum of scores "0111"
   {"valueInteger":3} {"valueBoolean":false} {"valueDecimal":"2.5"} {"valueQuantity":{"value":"10","unit":"min"}}
TXT
)
diff <(echo "$expected") <(echo "$seen") || { echo "The behaviour has changed." >&2; exit 1; }
