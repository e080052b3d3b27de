"""A page that nobody touches."""

import pytest


def left_for(response):
    """The seconds after which the browser leaves the page, and where it goes."""
    seconds, url = response.headers["Refresh"].split("; url=")
    return int(seconds), url


def test_it_warns_two_minutes_before_and_leads_back(nurse, clock):
    seconds, url = left_for(nurse.client.get("/staff/account"))
    assert seconds == 13 * 60
    clock.forward(seconds=seconds)
    warning = nurse.client.get(url)
    assert "signed out in 3 minutes" in warning.text or "signed out in 2 minutes" in warning.text
    assert 'href="/staff/account' in warning.text


def test_it_does_not_take_the_warning_for_a_touch(nurse, clock):
    _, url = left_for(nurse.client.get("/staff/account"))
    clock.forward(minutes=13)
    seconds, same = left_for(nurse.client.get(url))
    assert same == url
    clock.forward(seconds=seconds)
    assert nurse.client.get(same).location.startswith("/staff/login?next=/staff/account")


def test_it_stays_signed_in_when_the_nurse_goes_on(nurse, clock):
    for _ in range(40):  # 9 h 20 min, a touch every 14 minutes
        clock.forward(minutes=14)
        assert nurse.client.get("/staff/account").status_code == 200


def test_it_ends_after_ten_hours_however_busy_the_nurse_is(nurse, clock):
    for _ in range(50):
        clock.forward(minutes=12)
        nurse.client.get("/staff/account")
    clock.forward(minutes=1)
    assert nurse.client.get("/staff/account").location.startswith("/staff/login")


def test_it_ends_after_fifteen_minutes_without_a_touch(nurse, clock):
    clock.forward(minutes=15, seconds=1)
    assert nurse.client.get("/staff/account").location.startswith("/staff/login")


@pytest.mark.parametrize("path", ["//evil.example/", "https://evil.example/", "/x\r\nSet-Cookie: a=b", "/p/"])
def test_it_leads_back_to_staff_pages_only(nurse, path):
    page = nurse.client.get("/staff/idle", query_string={"next": path})
    assert 'class="button" href="/staff/"' in page.text
    assert "evil" not in page.headers["Refresh"]


def test_it_does_not_send_patients_anywhere(client):
    assert "Refresh" not in client.get("/").headers
    assert "Refresh" not in client.get("/staff/login").headers
