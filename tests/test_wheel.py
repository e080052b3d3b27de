"""The wheel, built and run from elsewhere."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

pytestmark = pytest.mark.server
ROOT = Path(__file__).parents[1]


def test_it_runs_from_a_wheel_with_its_templates_questions_and_languages(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    wheel = next((tmp_path / "dist").glob("*.whl"))
    # Its own environment has the wheel alone; what it depends on is borrowed, so that no network is needed.
    venv.create(tmp_path / "venv", with_pip=False)
    site = next((tmp_path / "venv" / "lib").glob("python*/site-packages"))
    subprocess.run([sys.executable, "-m", "zipfile", "-e", str(wheel), str(site)], check=True)
    borrowed = [path for path in sys.path if path.endswith("site-packages")]
    code = (
        "import quizapp, quizapp.config as config; from quizapp.app import create_app; app = create_app(); "
        "page = app.test_client().get('/', headers={'Accept-Language': 'es'}); "
        "print(quizapp.__file__, config.from_environment().instance_path, page.status_code); "
        "print('Esto no es un examen.' in page.text)"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PYTHONPATH": os.pathsep.join([str(site), *borrowed]),
        "QUIZAPP_INSTANCE_PATH": str(tmp_path / "data"),
        "QUIZAPP_DRAFT_LANGUAGES": "1",
    }
    done = subprocess.run(
        [str(tmp_path / "venv" / "bin" / "python"), "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    package, instance, status, speaks_spanish = done.stdout.split()
    assert Path(package).is_relative_to(site)
    assert Path(instance) == tmp_path / "data"
    assert status == "200"
    assert speaks_spanish == "True"
    assert (tmp_path / "data" / "quizapp.sqlite3").is_file()
