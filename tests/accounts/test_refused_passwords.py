"""Where the settings name a file of breached passwords, nobody sets one of them."""

from dataclasses import replace

import pytest
from click.testing import CliRunner

from quizapp.accounts import accounts
from quizapp.app import create_app
from quizapp.cli import main
from quizapp.config import BadSetting, from_environment
from tests.accounts.test_accounts import change_password
from tests.accounts.test_breached_passwords import write
from tests.accounts.test_login import link_for_first_lead
from tests.tour import two_procedures
from tests.walking import csrf_token

STOLEN, COMPOSED, GOOD = "plum trees in the rain", "caf\u00e9 on the old corner", "a copper kettle sings at noon"
SAID = "on a list of passwords that were stolen elsewhere"


@pytest.fixture
def settings(settings, tmp_path):
    breached = write(tmp_path / "breached.txt", [STOLEN, COMPOSED, *(f"number {number}" for number in range(50))])
    return replace(settings, breached_passwords=breached)


def set_password(client, link, password):
    page = client.get(link).text
    fields = {"csrf_token": csrf_token(page), "name": "Lead Two", "password": password, "again": password}
    return client.post(link, data=fields)


@pytest.mark.parametrize("stolen", [STOLEN, COMPOSED, "cafe\u0301 on the old corner"])
def test_it_makes_no_first_lead_with_one_and_says_what_to_do(app, client, stolen):
    link = link_for_first_lead(app)
    response = set_password(client, link, stolen)
    assert response.status_code == 400
    assert SAID in response.text
    assert "Use another one here" in response.text
    assert 'value="Lead Two"' in response.text
    assert stolen not in response.text
    assert set_password(client, link, GOOD).status_code == 303


def test_it_lets_no_nurse_set_one_through_her_link(app, client):
    context = app.extensions["quizapp"]
    with context.database.writing() as session:
        link = f"/staff/link/{accounts.add_with_link(session, 'Nurse Two', 'nurse', context.clock())}"
        session.commit()
    response = set_password(client, link, STOLEN)
    assert (response.status_code, SAID in response.text) == (400, True)
    assert set_password(client, link, GOOD).status_code == 303


def test_it_changes_no_password_to_one(nurse):
    response = change_password(nurse, STOLEN)
    assert (response.status_code, SAID in response.text) == (400, True)
    assert change_password(nurse, GOOD).status_code == 303  # with the old one still as the current one


def test_it_says_so_in_spanish(settings, tmp_path):
    questions = two_procedures(tmp_path / "questions")
    app = create_app(replace(settings, questions_path=questions, draft_languages=True))
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "es"
    response = set_password(client, link_for_first_lead(app), STOLEN)
    assert "está en una lista de contraseñas robadas en otros sitios" in response.text


def test_it_stores_nothing_while_the_file_cannot_be_read(app, client, settings):
    link = link_for_first_lead(app)
    settings.breached_passwords.unlink()
    assert set_password(client, link, GOOD).status_code == 500
    assert client.get(link).status_code == 200


def test_it_does_not_start_with_a_file_of_another_kind(settings, tmp_path):
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("plum trees in the rain\n")
    with pytest.raises(BadSetting, match=r"QUIZAPP_BREACHED_PASSWORDS: .*wrong\.txt holds other lines"):
        create_app(replace(settings, breached_passwords=wrong))


def test_it_says_on_the_command_line_that_the_file_is_missing(tmp_path):
    environment = {
        "QUIZAPP_INSTANCE_PATH": str(tmp_path / "instance"),
        "QUIZAPP_BREACHED_PASSWORDS": str(tmp_path / "nowhere.txt"),
    }
    assert from_environment(environment).breached_passwords == tmp_path / "nowhere.txt"
    done = CliRunner(env=environment).invoke(main, ["serve", "--port", "1"])
    assert done.exit_code == 1
    assert "cannot be read: No such file or directory. Give the file" in done.stderr
    assert "Traceback" not in done.output
