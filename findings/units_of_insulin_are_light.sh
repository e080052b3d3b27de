#!/usr/bin/env bash
# One would guess: pint either knows the unit in "10 units" or says that it does not, as it does for "10 tablets".
# What happens: it reads "units" as the prefix u (micro), the unit nit (the brightness of a screen) and a plural s. "10 units"
#   is a luminance of 10 micronit; "10 units/day" and "100 units/mL" are accepted too. "IU" is not known, and "U" is the enzyme
#   unit, an amount of substance per time.
# Why it matters: insulin and heparin are measured in units. A check that each dose in a lesson has a unit that pint knows
#   passes "10 units", rejects "10 IU", and cannot compare either with "10 U". Define "unit = [dose]" before parsing.
# Seen with pint 0.25.3 on Python 3.11.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pint==0.25.3

cat > parse.py <<'PY'
from importlib.metadata import version

import pint

print("pint", version("pint"))


def show(text: str, registry: pint.UnitRegistry) -> None:
    try:
        quantity = registry(text)
    except pint.UndefinedUnitError:
        print(f"{text}: not known")
    else:
        print(f"{text}: {quantity.magnitude:g} {quantity.units} | {quantity.to_base_units().units}")


for text in ("10 mg", "10 tablets", "10 units", "10 units/day", "100 units/mL", "10 IU", "10 U"):
    show(text, pint.UnitRegistry())
registry = pint.UnitRegistry()
try:
    print(registry("10 U") == registry("10 units"), registry("10 U").to("units"))
except pint.DimensionalityError as error:
    print(error)
defined = pint.UnitRegistry()
defined.define("unit = [dose]")
print("defined:")
show("10 units", defined)
PY
seen=$(venv/bin/python parse.py)
echo "$seen"

expected=$(cat <<'TXT'
pint 0.25.3
10 mg: 10 milligram | kilogram
10 tablets: not known
10 units: 10 micronit | candela / meter ** 2
10 units/day: 10 micronit / day | candela / meter ** 2 / second
100 units/mL: 100 micronit / milliliter | candela / meter ** 5
10 IU: not known
10 U: 10 enzyme_unit | mole / second
Cannot convert from 'enzyme_unit' ([substance] / [time]) to 'micronit' ([luminosity] / [length] ** 2)
defined:
10 units: 10 unit | unit
TXT
)
diff <(echo "$expected") <(echo "$seen") || { echo "The behaviour has changed." >&2; exit 1; }
