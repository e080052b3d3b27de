#!/usr/bin/env bash
# One would guess: csvsort changes the order of the rows of a CSV file and leaves the cells alone.
# What happens: it first decides which type a column has, and a comma between two digits counts as a thousands separator
#   wherever it is. A person who chose options 1 and 3, written "1,3", comes out as 13. A number with a Spanish decimal comma,
#   "2,5", comes out as 25. csvstat, csvlook, csvjson and csvsql read the cells in the same way; csvcut and csvgrep do not.
#   There is no message.
# Why it matters: "choose all that apply" is often exported as "1,3". After sorting, 13 looks like one option, and the hours
#   are ten times as many. One cell with a letter in the column prevents it, so a test file may look fine. The documentation
#   warns that 1 and 0 may become True and False; it does not mention commas. Add --no-inference to each command.
# Seen with csvkit 2.2.0 and agate 1.14.2 on Python 3.11.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check csvkit==2.2.0 agate==1.14.2

cat > answers.csv <<'CSV'
attempt,chosen,hours,sure
c,"1,3","2,5",N
a,"2,4","0,5",Y
b,1,"1,0",N
CSV
seen=$(
  venv/bin/csvsort --version
  echo "csvsort"
  venv/bin/csvsort -c attempt answers.csv
  echo "csvsort --no-inference"
  venv/bin/csvsort --no-inference -c attempt answers.csv
  echo "csvcut"
  venv/bin/csvcut -c attempt,chosen,hours,sure answers.csv
  echo "one more answer, 1,3,b"
  { cat answers.csv; echo 'd,"1,3,b","1,0",N'; } | venv/bin/csvsort -c attempt
)
echo "$seen"

expected=$(cat <<'TXT'
csvsort 2.2.0
csvsort
attempt,chosen,hours,sure
a,24,5,True
b,1,10,False
c,13,25,False
csvsort --no-inference
attempt,chosen,hours,sure
a,"2,4","0,5",Y
b,1,"1,0",N
c,"1,3","2,5",N
csvcut
attempt,chosen,hours,sure
c,"1,3","2,5",N
a,"2,4","0,5",Y
b,1,"1,0",N
one more answer, 1,3,b
attempt,chosen,hours,sure
a,"2,4",5,True
b,1,10,False
c,"1,3",25,False
d,"1,3,b",10,False
TXT
)
diff <(echo "$expected") <(echo "$seen") || { echo "The behaviour has changed." >&2; exit 1; }
