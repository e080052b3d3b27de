"""The address of this site, for links that leave it: slips, posters, the links that set passwords."""

import re

from flask import request

from quizapp.web.context import current


def site_address() -> str:
    """Return QUIZAPP_PUBLIC_URL, else the address that this page was asked for; without a slash at the end."""
    return (current().settings.public_url or request.host_url).rstrip("/")


def opens_only_here(address: str) -> bool:
    """Return whether an address leads to the reader's own computer, so that no other device can open the site by it."""
    return re.match(r"https?://(localhost|127\.[\d.]+|0\.0\.0\.0|\[::1\])(:|/|$)", address) is not None
