"""Our own cookies: for this host only, not readable by scripts, and Secure if the site uses https."""

from flask import Response, request

from quizapp.web.context import current


def cookie_name(name: str) -> str:
    """Return the cookie's name. Over https it begins with `__Host-`: browsers accept it from this host only."""
    return f"__Host-{name}" if current().settings.https else name


def own_cookie(name: str) -> str | None:
    return request.cookies.get(cookie_name(name))


def set_own_cookie(response: Response, name: str, value: str, seconds: int | None = None) -> None:
    """Set a cookie; without `seconds` it ends with the browser."""
    https = current().settings.https
    response.set_cookie(cookie_name(name), value, max_age=seconds, httponly=True, samesite="Lax", secure=https)


def delete_own_cookie(response: Response, name: str) -> None:
    https = current().settings.https
    response.delete_cookie(cookie_name(name), httponly=True, samesite="Lax", secure=https)
