"""Answers that say in words that there is none: nobody was told, nothing is to be added."""

from collections.abc import Iterable

from nearmiss.text import fold_text

_NOBODY = frozenset(
    (
        *("nobody", "nobody yet", "nobody else", "nobody more"),
        *("no one", "no one yet", "no one else", "no-one", "no-one yet", "no-one else"),
        *("none", "none yet", "no", "not yet", "n/a", "nil", "-", "–", "—"),
    )
)
_NOTHING = _NOBODY | frozenset(
    (
        *("n", "nope", "nothing", "nothing yet", "nothing else", "nothing more", "nothing to add"),
        *("no harm", "none seen", "none that i know of"),
        *("not that i know", "not that i know of", "not that i'm aware of"),
    )
)


def drop_nobody(names: Iterable[str]) -> list[str]:
    """Return ``names`` without those that say in words that there is nobody."""
    return [each for each in names if _fold(each) not in _NOBODY]


def says_nothing(text: str) -> bool:
    """Whether ``text`` says in words that there is nothing to say."""
    return _fold(text) in _NOTHING


def _fold(text: str) -> str:
    return fold_text(text).replace("’", "'").rstrip(" .")
