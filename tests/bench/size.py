"""Lines and files of the package and its templates.

python -m tests.bench.size
"""

import json
from pathlib import Path

ROOT = Path(__file__).parents[2]


def lines(folder: str, pattern: str) -> dict[str, int]:
    return {str(file): len(file.read_text().splitlines()) for file in (ROOT / folder).rglob(pattern)}


def main() -> int:
    python, templates = lines("quizapp", "*.py"), lines("templates", "*.html")
    figures = {
        "python_lines": sum(python.values()),
        "python_files": len(python),
        "longest_file": max(python.values()),
        "template_lines": sum(templates.values()),
    }
    print(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
