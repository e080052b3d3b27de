#!/usr/bin/env bash
# One would guess: tomlkit keeps the comments of a TOML file, so a comment above [[item]] goes when that item is deleted.
# What happens: tomlkit counts the comment as the last lines of the item before it. Deleting an item removes the comment
#   above the next item, and the comment of the deleted item is now above it. Moving an item to the end with pop()
#   and append() leaves its comment behind too. The file is valid, so nothing reports it.
# Why it matters: authors write remarks above a question. After a script or an editor has deleted one question, "Checked by
#   two clinicians" is above the question that had "Draft, do not show". Store such remarks in keys, or write them below the
#   [[item]] line, as the second file does.
# Seen with tomlkit 0.15.2 on Python 3.11.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check tomlkit==0.15.2

cat > quiz.toml <<'TOML'
title = "Clean hands"

# Checked by two clinicians.
[[item]]
id = "soap"

# Draft, do not show.
[[item]]
id = "rings"

# Checked by one clinician.
[[item]]
id = "drying"
TOML
cat > below.toml <<'TOML'
[[item]]
# Checked by two clinicians.
id = "soap"

[[item]]
# Draft, do not show.
id = "rings"
TOML
cat > delete.py <<'PY'
import pathlib
from importlib.metadata import version

import tomlkit

print("tomlkit", version("tomlkit"))
for name in ("quiz.toml", "below.toml"):
    quiz = tomlkit.parse(pathlib.Path(name).read_text())
    del quiz["item"][0]
    print(f"--- {name} without the item \"soap\"")
    print(tomlkit.dumps(quiz).strip())
PY
seen=$(venv/bin/python delete.py)
echo "$seen"

expected=$(cat <<'TXT'
tomlkit 0.15.2
--- quiz.toml without the item "soap"
title = "Clean hands"

# Checked by two clinicians.
[[item]]
id = "rings"

# Checked by one clinician.
[[item]]
id = "drying"
--- below.toml without the item "soap"
[[item]]
# Draft, do not show.
id = "rings"
TXT
)
diff <(echo "$expected") <(echo "$seen") || { echo "The behaviour has changed." >&2; exit 1; }
