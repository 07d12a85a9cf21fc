"""Whom a report is about: chosen by number, or typed as initials, and never by a slip."""

import re
from collections.abc import Sequence

from nearmiss.interview.answers import NotTaken
from nearmiss.interview.asking import Asker, ask_yes_no
from nearmiss.text import fold_text, show_safely, tidy

_NAME = re.compile(r"[^\W\d_]['’]?[^\W\d_]+")  # a word that is more than an initial
_TITLE = re.compile(r"(?:Mr|Mrs|Ms|Miss|Dr|mr|mrs|ms|miss|dr)\.?\s+\S")  # MS and DR are initials
_INITIALS = 3  # capital letters that are still initials: MB, JSB
_TWO = 2


def read_client(asker: Asker, typed: str, known: Sequence[str]) -> str:
    """Return the client that was typed, or chosen by number from those ``known``.

    A full name is asked about, and the spelling that is known is offered. Raises NotTaken,
    KeyboardInterrupt or EOFError.
    """
    text = tidy(typed)
    if text.isdecimal():
        return _choose_number(text, known)
    if text in known:
        return text
    alike = next((each for each in known if fold_text(each) == fold_text(text)), None)
    if alike is not None:
        question = f"Is this {show_safely(alike)}, who is in the logbook already?"
        return alike if ask_yes_no(asker, question) else text
    if looks_like_name(text) and not ask_yes_no(
        asker,
        f"{show_safely(text)} looks like a full name. Keep it all the same?",
        "Initials keep it private. n: type it again.",
    ):
        raise NotTaken(reason="Type initials, such as MB.")
    return text


def _choose_number(text: str, known: Sequence[str]) -> str:
    number = int(text)
    if 1 <= number <= len(known):
        return known[number - 1]
    offered = f"a number from 1 to {len(known)}, or " if known else ""
    raise NotTaken(reason=f"{text} is not offered. Type {offered}initials, such as MB.")


def looks_like_name(text: str) -> bool:
    """Whether ``text`` begins with a title, or two words or more of it are more than initials."""
    if _TITLE.match(text):
        return True
    words = [each for each in text.split() if _NAME.match(each.strip(".,"))]
    is_initials = words and words[0].isupper() and len(words[0]) <= _INITIALS
    return len(words) >= _TWO and not is_initials
