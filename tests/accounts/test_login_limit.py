"""A flood of sign-ins under made-up names."""

from quizapp.web.rate_limit import TokenBucket
from tests.staff import Person


def test_it_has_room_for_a_burst_and_then_for_a_few_a_second():
    seconds = [0.0]
    tries = TokenBucket(5, 2, now=lambda: seconds[0])
    assert [tries.take() for _ in range(7)] == [True] * 5 + [False] * 2
    seconds[0] = 1.0
    assert [tries.take() for _ in range(3)] == [True, True, False]
    seconds[0] = 1000.0
    assert [tries.take() for _ in range(6)] == [True] * 5 + [False]


def test_it_caps_strangers_and_lets_the_nurse_in_on_a_known_browser(app, nurse, make_person):
    other = make_person("Nurse Two", "nurse")
    assert nurse.post("/staff/logout", "/staff/account").status_code == 303
    app.extensions["quizapp"].login_limit = TokenBucket(3, 3.0, now=lambda: 0.0)
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
    app.extensions["quizapp"].login_limit = TokenBucket(0, 3.0, now=lambda: 0.0)
    assert {nurse.sign_in("not a password").status_code for _ in range(20)} == {429}
    app.extensions["quizapp"].login_limit = TokenBucket(60, 3.0)
    assert nurse.sign_in().status_code == 303
