#!/usr/bin/env bash
# One would guess: a SurveyJS ranking question with a correct order is counted as correct only when the order is right.
# What happens: the survey counts every complete order as correct, even the exact reverse. The question itself disagrees:
#   isAnswerCorrect() is false while its correctAnswerCount, and so the survey's score, is 1.
# Why it matters: "Put these steps in order" is where order is the whole question. The score shown by {correctAnswers}, and
#   every statistic made from it, says that all people knew the order. Score ranking questions with isAnswerCorrect().
# Seen with survey-core 3.1.1 on Node 20.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund survey-core@3.1.1 > /dev/null

cat > score.cjs <<'JS'
const fs = require('fs');
const { Model } = require('survey-core');
console.log('survey-core', JSON.parse(fs.readFileSync('node_modules/survey-core/package.json')).version);

const steps = ['soap', 'rinse', 'dry'];
function score(type, answer) {
  const survey = new Model({
    elements: [{ type, name: 'steps', title: 'How do you wash your hands?', choices: steps, correctAnswer: steps }],
  });
  survey.setValue('steps', answer);
  const question = survey.getQuestionByName('steps');
  console.log(
    `${answer.join(' > ')}: isAnswerCorrect ${question.isAnswerCorrect()},`,
    `correctAnswerCount ${question.correctAnswerCount},`,
    survey.processHtml('page says {correctAnswers} of {questionCount}, {incorrectAnswers} incorrect'),
  );
}
for (const order of [steps, ['dry', 'rinse', 'soap'], ['rinse', 'soap', 'dry']]) score('ranking', order);
JS
seen=$(node score.cjs)
echo "$seen"

expected=$(cat <<'TXT'
survey-core 3.1.1
soap > rinse > dry: isAnswerCorrect true, correctAnswerCount 1, page says 1 of 1, 0 incorrect
dry > rinse > soap: isAnswerCorrect false, correctAnswerCount 1, page says 1 of 1, 0 incorrect
rinse > soap > dry: isAnswerCorrect false, correctAnswerCount 1, page says 1 of 1, 0 incorrect
TXT
)
diff <(echo "$expected") <(echo "$seen") || { echo "The behaviour has changed." >&2; exit 1; }
