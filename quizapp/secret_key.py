"""The secret key: generated at the first start, the same for every process."""

import contextlib
import os
import secrets
from pathlib import Path


def read_or_make(instance: Path) -> str:
    """Return the key in `instance`/secret-key; generate it with mode 0600 if it is missing.

    A temporary file is linked into place and the file read again, so that several processes that start at once all
    use the key of the first.
    """
    key_file = instance / "secret-key"
    if not key_file.exists():
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = instance / f".secret-key-{os.getpid()}-{secrets.token_hex(4)}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(48))
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):  # another process was first: use its key
                os.link(temporary, key_file)
        finally:
            temporary.unlink()
    return key_file.read_text().strip()
