#!/usr/bin/env bash
# One would guess: a question that all people answered correctly is the easiest one, whichever item response model is fitted.
# What happens: girth's two-parameter model reports it as the hardest: difficulty +6, the upper end of its search range. The
#   Rasch model of the same package reports -6 for the same data. A question that all people got wrong also gets +6, so the
#   two cannot be told apart. No warning is given.
# Why it matters: quizzes after a lesson often have such a question. A table sorted by difficulty puts it at the top, and an
#   author rewrites the one question that works. Leave out questions without variance before fitting.
# Seen with girth 0.8.0, numpy 2.4.6 and scipy 1.17.1 on Python 3.11.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check girth==0.8.0 numpy==2.4.6 scipy==1.17.1

cat > "$dir/fit.py" <<'PY'
from importlib.metadata import version

import numpy as np
from girth import rasch_mml, twopl_mml

print("girth", version("girth"))
# 80 people, 5 questions from easy to hard, answered as the Rasch model says.
rng = np.random.default_rng(3)
ability = rng.normal(size=80)
difficulty = np.linspace(-1, 1, 5)
five = (ability - difficulty[:, None] + rng.logistic(size=(5, 80)) > 0).astype(int)

for name, sixth in (("all right", np.ones(80, int)), ("all wrong", np.zeros(80, int))):
    answers = np.vstack([five, sixth])
    print(f"{name}: share of right answers", answers.mean(axis=1).round(2).tolist())
    for model in (rasch_mml, twopl_mml):
        fitted = model(answers)["Difficulty"]
        hardest = int(np.argmax(fitted)) + 1
        print(f"  {model.__name__}: question 6 has difficulty {fitted[5]:+.1f}; the hardest is question {hardest}")
PY
seen=$(OPENBLAS_NUM_THREADS=1 "$dir/venv/bin/python" "$dir/fit.py")
echo "$seen"

expected=$(cat <<'TXT'
girth 0.8.0
all right: share of right answers [0.66, 0.61, 0.5, 0.39, 0.28, 1.0]
  rasch_mml: question 6 has difficulty -6.0; the hardest is question 5
  twopl_mml: question 6 has difficulty +6.0; the hardest is question 6
all wrong: share of right answers [0.66, 0.61, 0.5, 0.39, 0.28, 0.0]
  rasch_mml: question 6 has difficulty +6.0; the hardest is question 6
  twopl_mml: question 6 has difficulty +6.0; the hardest is question 6
TXT
)
diff <(echo "$expected") <(echo "$seen") || { echo "The behaviour has changed." >&2; exit 1; }
