"""A file of breached passwords, as the Pwned Passwords downloader writes it."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.accounts.password_hashing import BreachedFileError, check_breached_file, is_breached

KNOWN = [f"password number {number}" for number in range(200)]


def sha1(password: str) -> str:
    return hashlib.sha1(password.encode()).hexdigest().upper()


def write(file: Path, passwords, end="\n", last_end=True) -> Path:
    """The file of these passwords; counts of one to eight digits, so that lines differ in length."""
    lines = [f"{line}:{int(line[:2], 16) ** (int(line[2], 16) // 4 + 1) + 1}" for line in sorted(map(sha1, passwords))]
    text = end.join(lines) + (end if last_end and lines else "")
    file.write_bytes(text.encode())
    return file


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("last_end", [True, False], ids=["closed", "no-newline-at-the-end"])
@pytest.mark.parametrize("how_many", [1, 2, 3, 200])
def test_it_finds_every_line_and_nothing_else(tmp_path, end, last_end, how_many):
    breached = write(tmp_path / "breached.txt", KNOWN[:how_many], end, last_end)
    check_breached_file(breached)
    assert all(is_breached(password, breached) for password in KNOWN[:how_many])
    assert not any(is_breached(f"{password}!", breached) for password in KNOWN)


def test_it_finds_the_first_line_and_the_last(tmp_path):
    breached = write(tmp_path / "breached.txt", KNOWN)
    by_hash = sorted(KNOWN, key=sha1)
    assert is_breached(by_hash[0], breached)
    assert is_breached(by_hash[-1], breached)
    without_ends = write(tmp_path / "fewer.txt", by_hash[1:-1])
    assert not is_breached(by_hash[0], without_ends)
    assert not is_breached(by_hash[-1], without_ends)


def test_it_knows_a_line_as_the_downloader_writes_it(tmp_path):
    (tmp_path / "breached.txt").write_text("5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:10434004\r\n")
    assert is_breached("password", tmp_path / "breached.txt")


@given(
    known=st.sets(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=1),
    asked=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20)),
    end=st.sampled_from(["\n", "\r\n"]),
    last_end=st.booleans(),
)
def test_it_says_the_same_as_a_set(tmp_path_factory, known, asked, end, last_end):
    breached = write(tmp_path_factory.mktemp("breached") / "breached.txt", known, end, last_end)
    check_breached_file(breached)
    for password in [*known, *asked]:
        assert is_breached(password, breached) == (password in known)


def test_it_takes_a_newer_file_in_the_place_of_the_old_one(tmp_path):
    breached = write(tmp_path / "breached.txt", KNOWN[:100])
    assert not is_breached(KNOWN[150], breached)
    write(tmp_path / "newer.txt", KNOWN).replace(tmp_path / "breached.txt")
    assert is_breached(KNOWN[150], breached)


def test_it_reads_a_few_lines_of_a_long_file(tmp_path):
    breached = write(tmp_path / "breached.txt", map(str, range(100_000)))
    before = bytes_read()
    assert is_breached("77", breached)
    assert not is_breached("not there", breached)
    check_breached_file(breached)
    assert bytes_read() - before < breached.stat().st_size / 20


def bytes_read() -> int:
    """What this process has read so far, from files and otherwise."""
    return int(Path("/proc/self/io").read_text().split()[1])


LINES = [f"{line}:7" for line in sorted(map(sha1, KNOWN))]
NOT_SUCH_FILES = {
    "empty": ("", "is empty"),
    "prose": ("These are no hashes.\n", "other lines than SHA-1:count"),
    "passwords": ("\n".join(KNOWN), "other lines than SHA-1:count"),
    "no counts": ("\n".join(map(sha1, KNOWN)), "other lines than SHA-1:count"),
    "NTLM": ("\n".join(line[8:] for line in LINES), "other lines than SHA-1:count"),
    "small letters": ("\n".join(LINES).lower(), "other lines than SHA-1:count"),
    "another last line": ("\n".join([*LINES, "and more"]), "other lines than SHA-1:count"),
    "an empty line at the end": ("\n".join([*LINES, "", ""]), "other lines than SHA-1:count"),
    "cut off": ("\n".join(LINES)[:-2], "other lines than SHA-1:count"),
    "sorted by count": ("\n".join(sorted(LINES, key=lambda line: line[20:])), "not sorted by hash"),
    "first two swapped": ("\n".join([LINES[1], LINES[0], *LINES[2:]]), "not sorted by hash"),
    "last two swapped": ("\n".join([*LINES[:-2], LINES[-1], LINES[-2]]), "not sorted by hash"),
    "one long line between": ("\n".join([*LINES[:50], "A" * 100_000, *LINES[50:]]), "lines that are too long"),
    "one long line": ("A" * 100_000, "other lines than SHA-1:count"),
}


@pytest.mark.parametrize("kind", NOT_SUCH_FILES)
def test_it_refuses_a_file_of_another_kind_and_says_what_to_do(tmp_path, kind):
    text, said = NOT_SUCH_FILES[kind]
    (tmp_path / "file").write_text(text)
    with pytest.raises(BreachedFileError, match=f"{said}.*Give the file of SHA-1 hashes, sorted by hash"):
        check_breached_file(tmp_path / "file")


@pytest.mark.parametrize(("name", "said"), [("nowhere", "No such file"), (".", "Is a directory")])
def test_it_refuses_what_is_no_file(tmp_path, name, said):
    with pytest.raises(BreachedFileError, match=f"cannot be read: {said}"):
        check_breached_file(tmp_path / name)


def test_it_says_so_when_the_file_has_gone_or_broken_meanwhile(tmp_path):
    breached = write(tmp_path / "breached.txt", KNOWN)
    breached.write_text("x" * 50_000)
    with pytest.raises(BreachedFileError):
        is_breached("anything", breached)
    breached.unlink()
    with pytest.raises(BreachedFileError):
        is_breached("anything", breached)
