#!/usr/bin/env bash
# One would guess: speech software spells a code such as "XX" or "IV", because it is not a word.
# What happens: eSpeak NG reads some letters that form a Roman numeral as a number. In Spanish the result is the plain
#   number, so "XIV" sounds exactly like "14" and "XX" like "20". In English "IV" is "Roman four", also in "IV pump", while
#   "VI" and "XL" are spelled. A trial with a code such as "XK" shows nothing: it is spelled.
# Why it matters: a person who listens to a visit code or to the letter of an answer writes down digits that are not in it,
#   and two codes can sound the same. In a health quiz "IV" means "intravenous". Draw codes from letters that form no Roman
#   numeral, and write "intravenous" in full.
# Seen with espeakng-loader 0.2.4 (which ships eSpeak NG) and phonemizer 3.4.0 on Python 3.11; output is in phonemes.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check espeakng-loader==0.2.4 phonemizer==3.4.0

cat > "$dir/say.py" <<'PY'
from importlib.metadata import version

import espeakng_loader
from phonemizer.backend import EspeakBackend
from phonemizer.backend.espeak.wrapper import EspeakWrapper

EspeakWrapper.set_library(espeakng_loader.get_library_path())
EspeakWrapper.set_data_path(espeakng_loader.get_data_path())
print("espeakng-loader", version("espeakng-loader"), "| eSpeak NG", ".".join(map(str, EspeakBackend.version())))

for language, texts in {
    "es": ["código XX", "código 20", "código XIV", "código 14", "bomba IV", "bomba 4", "código XK"],
    "en-us": ["IV pump", "XX", "VI", "XL", "XK"],
}.items():
    for text, sound in zip(texts, EspeakBackend(language).phonemize(texts, strip=True)):
        print(f"{language} | {text} | {sound}")
PY
seen=$("$dir/venv/bin/python" "$dir/say.py")
echo "$seen"

expected=$(cat <<'TXT'
espeakng-loader 0.2.4 | eSpeak NG 1.52.0
es | código XX | koðiɣo βeɪnte
es | código 20 | koðiɣo βeɪnte
es | código XIV | koðiɣo katoɾθe
es | código 14 | koðiɣo katoɾθe
es | bomba IV | bomba kwatɾo
es | bomba 4 | bomba kwatɾo
es | código XK | koðiɣo ekiska
en-us | IV pump | ɹoʊmən fɔːɹ pʌmp
en-us | XX | ɹoʊmən twɛnti
en-us | VI | viːaɪ
en-us | XL | ɛksɛl
en-us | XK | ɛkskeɪ
TXT
)
diff <(echo "$expected") <(echo "$seen") || { echo "The behaviour has changed." >&2; exit 1; }
