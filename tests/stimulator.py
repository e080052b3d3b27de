"""A made-up second procedure, written with `quizapp new` alone: skeletons, and words for their blanks."""

import os
import re
import subprocess
import sys
from pathlib import Path

NAME = "spinal-cord-stimulator"

# For each file, the words for its blanks, in the order in which they stand there.
WORDS = {
    "procedure.toml": ["A made-up leaflet on spinal cord stimulators"],
    "en/procedure.toml": [
        "The stimulator: get ready for your visit",
        "A short lesson about a small device for pain.",
        "You read one short lesson.",
    ],
    "en/facts.toml": ["The device sends small pulses to the nerves in the back.", "What it does"],
    "en/misconceptions.toml": ["the device gives a drug", "the device cools the back"],
    "en/prompts.toml": ["Risks", "What are the risks for me?"],
    "en/lessons/1-first.toml": [
        "What the device does",
        "The device sends small pulses to the nerves in your back.",
        "Small pulses",
        "A small device sits under the skin. It sends small pulses to the nerves in your back. You may feel them as a "
        "light buzz. Some people feel less pain with them. A thin wire leads from the device to the nerves. Your team "
        "sets how strong the pulses are. Tell them what you feel, so that they can set it well for you.",
        "How would you tell a friend what the device does?",
        "That is fine to say. The device sends small pulses to the nerves in your back.",
        "How does the device work on the nerves?",
        "By small pulses",
        "They reach the nerves through a thin wire.",
        "By a drug that it gives",
        "It holds no drug. It works by small pulses that reach the nerves through a thin wire.",
        "By a cold pad on the skin",
        "It does not cool. It works by small pulses that reach the nerves through a thin wire.",
    ],
}


def quizapp(questions: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command line, with `questions` as its content."""
    environment = {**os.environ, "QUIZAPP_QUESTIONS_PATH": str(questions)}
    command = [sys.executable, "-c", "from quizapp.cli import main; main()", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def write(questions: Path) -> None:
    """Make the procedure in `questions` as an author would: a skeleton, then its blanks filled in."""
    assert quizapp(questions, "new", "procedure", NAME).returncode == 0
    for name, words in WORDS.items():
        file = questions / NAME / name
        given = iter(words)
        file.write_text(re.sub(r"___ [^\"\n]*", lambda _blank: next(given), file.read_text()))  # noqa: B023
        assert next(given, None) is None, name
