"""The session cookie, and our own cookies: for this host only, not readable by scripts, and Secure over https."""

from functools import cache

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer

from quizapp.web.context import current


def cookie_name(name: str) -> str:
    """Return the cookie's name. Over https it begins with `__Host-`: browsers accept it from this host only."""
    return f"__Host-{name}" if current().settings.https else name


def own_cookie(name: str) -> str | None:
    return request.cookies.get(cookie_name(name))


def set_own_cookie(response: Response, name: str, value: str, seconds: int | None = None) -> None:
    """Set a cookie; without `seconds` it ends with the browser, and 0 deletes it."""
    https = current().settings.https
    response.set_cookie(cookie_name(name), value, max_age=seconds, httponly=True, samesite="Lax", secure=https)


class SignedSession(SecureCookieSessionInterface):
    """Flask's session in a signed cookie, whatever time it was signed at.

    Flask refuses a signature from the future, even of a server whose clock is one second ahead, and then replaces the
    cookie: the patient's attempt is lost. Age needs no check here: a secret opens an attempt for as long as the
    database has it.
    """

    @cache  # noqa: B019 - one object, and one application
    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs and verifies. The keys never change, and Flask would make it again for every request."""
        return super().get_signing_serializer(app)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        serializer = self.get_signing_serializer(app)
        cookie = request.cookies.get(self.get_cookie_name(app))
        if serializer is None or not cookie:
            return self.session_class()
        try:
            return self.session_class(serializer.loads(cookie))
        except BadSignature:
            return self.session_class()


def init_app(app: Flask) -> None:
    app.session_interface = SignedSession()
