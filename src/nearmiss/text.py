"""The rules for text: what may be stored, and how anything is shown safely."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

# C0 but LF and tab, DEL, C1, bidi overrides and isolates: section 2 of the file format.
_UNSAFE = "\\x00-\\x08\\x0B-\\x1F\\x7F-\\x9F\u202a-\u202e\u2066-\u2069"
# Patterns for pydantic, whose regular expressions have no lone surrogates: those it refuses itself.
TEXT_PATTERN = f"^[^{_UNSAFE}]*$"
LINE_PATTERN = f"^[^\\n{_UNSAFE}]*$"

_NOT_SHOWN = re.compile(f"[{_UNSAFE}\ud800-\udfff]")
_NOT_STORED_IN_LINE = re.compile(f"[\\n{_UNSAFE}\ud800-\udfff]")


def tidy(text: str) -> str:
    """Return ``text`` as it is stored: line ends as LF, less surrounding space."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip(_SPACES)


# str.strip() alone would take control characters away too, which must be refused in words.
_SPACES = "\t\n \xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))


def find_refused(text: str, *, one_line: bool) -> str | None:
    """Return the first character of ``text`` that may not be stored, or None."""
    found = (_NOT_STORED_IN_LINE if one_line else _NOT_SHOWN).search(text)
    return found.group() if found else None


def name_character(character: str) -> str:
    """Return the visible name of a character that can't be shown: ``[U+001B]``."""
    return f"[U+{ord(character):04X}]"


def show_safely(text: str) -> str:
    """Return ``text`` with every character that could steer a terminal shown by its code."""
    if text.isprintable():
        return text
    return _NOT_SHOWN.sub(lambda found: name_character(found.group()), text)


def fold_text(text: str) -> str:
    """Return ``text`` for comparing: case and repeated spaces do not count."""
    return join_lines(text).casefold()


# What stands for one thing in many forms, and letters whose stroke Unicode takes for no accent.
_LOOSE = str.maketrans(
    dict.fromkeys("’‘‛ʼ´`′", "'")
    | dict.fromkeys("“”„‟«»″", '"')
    | dict.fromkeys("‐‑‒–—―−", "-")
    | {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"}
)


def fold_loosely(text: str) -> str:
    """Return ``text`` for searching: accents, and the form of quotes and dashes, do not count."""
    folded = text.casefold().translate(_LOOSE)
    if folded.isascii():
        return folded
    letters = unicodedata.normalize("NFKD", folded)
    bare = "".join(each for each in letters if not unicodedata.combining(each))
    return bare.casefold().translate(_LOOSE)


def find_loosely(line: str, words: str) -> tuple[int, int] | None:
    """Return where ``words``, loosely folded, begin and end in ``line``; None where nowhere."""
    starts, folded = [], ""
    for at, letter in enumerate(line):
        bare = fold_loosely(letter)
        folded += bare
        starts += [at] * len(bare)
    first = folded.find(words)
    if first < 0 or not words:
        return None
    end = starts[first + len(words) - 1] + 1
    while end < len(line) and unicodedata.combining(line[end]):
        end += 1  # an accent is cut off from no letter
    return starts[first], end


def take_name(author: str) -> str:
    """Return whom a line names, without a role, or how and when, behind the name."""
    return author.partition(",")[0].strip()


def choose_spellings(texts: Iterable[str]) -> dict[str, str]:
    """Return each text once, by its folded form: as it is most often written."""
    counts: dict[str, Counter[str]] = {}
    for text in texts:
        counts.setdefault(fold_text(text), Counter())[text] += 1
    return {folded: spelt.most_common(1)[0][0] for folded, spelt in counts.items()}


def join_lines(text: str) -> str:
    """Return ``text`` on one line."""
    return " ".join(text.split())


_END = re.compile(r"""[.!?]+["'”’)\]]*(?=\s|$)""")
# What a full stop behind it does not end: an initial, or a word cut short.
_CUT_SHORT = re.compile(r"(?:^|[\s(])(?:\w|[Dd]r|M[rs]s?|St|No|vs|etc|approx|e\.g|i\.e|[ap]\.m)\.$")


def take_sentences(text: str, most: int) -> str:
    """Return whole sentences from the start of ``text``, one at least, on one line.

    As many as stand within ``most`` characters: none is ever cut, as that can turn its sense.
    """
    line = join_lines(text)
    found = (each.end() for each in _END.finditer(line))
    ends = [end for end in found if not _CUT_SHORT.search(line[:end])]
    within = [end for end in ends if end <= most]
    return line if len(line) <= most or not ends else line[: within[-1] if within else ends[0]]


_TURNS = re.compile(r"(?:\s+(?:no|not|never|without|nothing|nobody|none|nor|\w+n['’]t))+$", re.I)


def shorten_at_sense(text: str, most: int) -> str:
    """Return ``text`` on one line, cut at the end of a sentence within ``most`` characters.

    Where none ends there it is cut at the end of a clause, or else after a word, never after one
    that turns the sense.
    """
    line = join_lines(text)
    if len(line) <= most:
        return line
    ends = [found.end() for found in re.finditer(r"[.!?](?=\s)", line[:most])]
    if ends:
        return f"{line[: ends[-1]]} …"
    if clauses := [found.start() for found in re.finditer(r"[,;:](?=\s)", line[:most])]:
        return f"{line[: clauses[-1]]} …"
    return _TURNS.sub("", shorten(line, most).removesuffix(" …")).rstrip(" ,;:.") + " …"


def shorten(text: str, most: int) -> str:
    """Return ``text`` on one line, cut after a word within ``most`` characters and marked so."""
    line = join_lines(text)
    if len(line) <= most:
        return line
    return re.sub(r"\s+\S*$", "", line[:most]).rstrip(" ,;:.") + " …"


_ENDED = re.compile(r"[.!?…][\"'”’)\]]*$")


def begin_sentence(text: str) -> str:
    """Return ``text`` with its first letter a capital, and the others as they are."""
    return text[:1].upper() + text[1:]


def end_sentence(text: str) -> str:
    """Return ``text`` with a full stop where it has no end, so that it can be read out."""
    return text if _ENDED.search(text) else f"{text}."
