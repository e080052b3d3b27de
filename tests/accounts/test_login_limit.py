"""A flood of sign-ins under made-up names."""

from quizapp.web.rate_limit import Limit
from tests.staff import Person


def test_it_limits_strangers_but_not_known_browsers(app, nurse, make_person, clock):
    other = make_person("Nurse Two", "nurse")
    assert nurse.post("/staff/logout", "/staff/account").status_code == 303
    app.extensions["quizapp"].unknown_browsers = Limit(3, 1)
    clock.forward(minutes=1)
    strangers = [Person(app.test_client(), f"Made Up {number}") for number in range(5)]
    assert [stranger.sign_in("not a password").status_code for stranger in strangers] == [400, 400, 400, 429, 429]
    response = other.sign_in(next_path="/staff/find")
    assert response.status_code == 429
    assert "Many people are signing in just now" in response.text
    assert 'value="Nurse Two"' in response.text
    assert 'value="/staff/find"' in response.text
    assert nurse.sign_in().status_code == 303


def test_it_counts_no_try_against_a_name_that_was_not_looked_at(app, make_person):
    nurse = make_person("Nurse One", "nurse")
    app.extensions["quizapp"].unknown_browsers = Limit(1, 3600)
    assert Person(app.test_client(), "Made Up").sign_in("not a password").status_code == 400
    assert {nurse.sign_in("not a password").status_code for _ in range(20)} == {429}
    app.extensions["quizapp"].unknown_browsers = Limit(60, 1)
    assert nurse.sign_in().status_code == 303
