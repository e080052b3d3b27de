"""Where a redirect may lead: only to addresses of this site."""


def safe_local_path(path: str) -> str:
    """Return the path if it is one of ours, else "/": never another host, scheme or header."""
    is_local = path.startswith("/") and not path.startswith("//")
    if is_local and "\\" not in path and path.isprintable() and path.isascii():
        return path
    return "/"
