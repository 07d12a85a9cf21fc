"""The numbers of the pages: tags, entry ids, and seals as people read them."""

import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

# Crockford's base 32 (https://www.crockford.com/base32.html): no I, L, O or U to misread.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011")
TAG_LENGTH = 4
HIGHEST = 999_999_999  # the highest number that an entry can have
HIGHEST_GIVEN = 900_000_000  # that a book may begin from: room for what is still to be written
ID_PATTERN = rf"^[{_ALPHABET}]{{{TAG_LENGTH}}}-(?:[0-9]{{4}}|[1-9][0-9]{{4,8}})$"
_TYPED = re.compile(r"^(?:([0-9A-Za-z]{4})-)?0*([0-9]{1,9})$", re.ASCII)
_SEAL_BITS = 80
_SEAL_CHARACTERS = _SEAL_BITS // 5


class EntryId(NamedTuple):
    """The tag of a book and the number of an entry in it; 0 is the entry that opened it."""

    tag: str
    number: int

    def __str__(self) -> str:
        return f"{self.tag}-{show_number(self.number)}"

    @classmethod
    def parse(cls, text: str) -> "EntryId":
        """Return the id written as ``text`` in the file, like ``K7QX-0042``."""
        tag, _, number = text.partition("-")
        return cls(tag, int(number))


def show_number(number: int) -> str:
    """Return the number of an entry as it is written: ``0042``."""
    return f"{number:04d}"


def name_entries(first: EntryId, last: EntryId) -> str:
    """Return entries by their numbers: ``entry K7QX-0042``, ``entries K7QX-0042 to K7QX-0044``."""
    return f"entry {first}" if first == last else f"entries {first} to {last}"


def shorten_ids(ids: Sequence[str]) -> list[str]:
    """Return the ids of one book with its tag before the first alone: ``K7QX-0042``, ``0043``."""
    return [*ids[:1], *(show_number(EntryId.parse(each).number) for each in ids[1:])]


def span_ids(ids: Sequence[str]) -> str:
    """Return the first and last of ids, of which there is one at least; one alone as it is."""
    first, last = ids[0], ids[-1]
    return first if first == last else f"{first} to {last}"


def is_id(text: str) -> bool:
    """Whether ``text`` is the id of an entry as it is written in the file."""
    return re.match(ID_PATTERN, text) is not None


def new_tag() -> str:
    """Return four random characters for a new book."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(TAG_LENGTH))


# The options of commands behind each of which an id is typed; one can also stand by itself.
POINTING = ("", "--same", "--different", "--undoes", "--ends", "--told-of")
# Those behind which nothing is typed.
_FLAGS = (
    "--approx --close --done --exact --hour-not-known --incident --json --new-book "
    "--no-safeguarding --not-informed --open --past-keeping --plain --reopen --safeguarding "
    "--withdraw --yes"
)
FLAGS = frozenset(_FLAGS.split())


def read_words(words: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the words of a command as they are meant: ``--same=5`` and ``--same 5`` are one.

    Of each the option and the sign that stand in it, what is said by it, and by which option.
    """
    option, words = "", [*words]
    chooses = words[:1] == ["erase"]  # among reports, where nothing is typed behind --due
    for word in words:
        if option:
            yield "", word, option
            option = ""
        elif word.startswith("-"):
            named, equals, value = word.partition("=")
            yield named + equals, value, named
            option = "" if equals or named in FLAGS or (chooses and named == "--due") else named
        else:
            yield "", word, ""


def read_typed(text: str) -> tuple[str | None, int] | None:
    """Return tag (or None) and number of an id as typed: ``42``, ``k7qx-42``; else None."""
    found = _TYPED.match(text.strip())
    if not found:
        return None
    tag = found.group(1)
    return (_read_characters(tag) if tag else None), int(found.group(2))


def show_seal(seal: str) -> str:
    """Return the first 80 bits of a seal (64 hex digits) as people see it: 8K2M-Q7XR-ZZ3A-01TB."""
    bits = int(seal[: _SEAL_BITS // 4], 16)
    characters = "".join(_ALPHABET[bits >> shift & 31] for shift in range(_SEAL_BITS - 5, -1, -5))
    return _in_fours(characters)


def read_seal(text: str) -> str | None:
    """Return a seal as people type it in the form of ``show_seal``; None if it can't be one."""
    characters = _read_characters(re.sub(r"[\s-]", "", text))
    if len(characters) != _SEAL_CHARACTERS or not set(characters) <= set(_ALPHABET):
        return None
    return _in_fours(characters)


def _read_characters(text: str) -> str:
    return text.upper().translate(_MISREAD)


def _in_fours(characters: str) -> str:
    return "-".join(characters[start : start + 4] for start in range(0, len(characters), 4))
