"""What stands in a cell of a sheet: a yes or no, a mark, a client, a kind, whether it is harm."""

import re
from collections.abc import Iterable
from functools import lru_cache

from nearmiss.intake.harm import find_harm
from nearmiss.model.questions import CATEGORIES, CATEGORY_LABELS, Category, says_nothing
from nearmiss.text import fold_loosely, fold_text
from nearmiss.words import read_words

FLAGS = ("occurred_approx", "hour_not_known", "noticed")
TRUTHS = ("safeguarding", *FLAGS)  # fields that are a yes or no


@lru_cache(4096)
def is_plain_no(value: str) -> bool:
    """Whether a cell says no, or nothing."""
    folded = fold_text(value)
    return not folded or folded.removesuffix(".") in read_words("heads")["cells"]["no"]


@lru_cache(4096)
def is_plain_yes(value: str) -> bool:
    """Whether a cell says yes and no more."""
    return fold_text(value) in read_words("heads")["cells"]["yes"]


@lru_cache(4096)
def is_bare(value: str) -> bool:
    """Whether a cell says no, that nothing is to be said, or that it is not known: "TBC", "?"."""
    nobody = read_words("heads")["cells"]["nobody"]
    return is_plain_no(value) or says_nothing(value) or fold_text(value).strip(" .") in nobody


@lru_cache(4096)
def names_writer(cell: str) -> bool:
    """Whether a cell says who wrote: not "anonymous", as forms put there, nor nothing."""
    if cell.strip() == "NK":  # may be initials, as no "n/k" is
        return True
    return not is_bare(cell) and re.match(r"anon(?:ymous)?\b", fold_text(cell)) is None


NO_VALUE = (
    "formula without a value: ="  # stands before a formula of a workbook that was never worked out
)
_UNREAD = re.compile(
    r"(?:#(?:N/A|DIV/0!|NAME\?|GETTING_DATA|##+)|Err:\d\d\d"
    r"|#(?:REF|VALUE|NULL|NUM|SPILL|CALC|FIELD|BLOCKED|CONNECT|UNKNOWN|BUSY|ERROR)!)\s*"
    rf"|{NO_VALUE}.*",
    re.S,
)


def is_unread(cell: str) -> bool:
    """Whether a spreadsheet had no value for a cell: an error ("#N/A"), or a formula alone."""
    return cell[:1] in "#Ef" and _UNREAD.fullmatch(cell) is not None


def lacks_words(cell: str) -> bool:
    """Whether a cell in place of words holds a mark or a short form, "?" or "TBC", or no value."""
    return (len(cell) < _LONGEST_MARK and is_mark(cell)) or is_unread(cell)


def is_unclear(cell: str) -> bool:
    """Whether a cell says something, and not what: a tick, a letter in place of one, no value."""
    return (len(cell) < _LONGEST_MARK and _is_tick(cell)) or is_unread(cell)


_LONGEST_MARK = 6  # characters


@lru_cache(4096)
def _is_tick(cell: str) -> bool:
    return fold_text(cell).strip(" .") in read_words("heads")["cells"]["ticks"]


@lru_cache(4096)
def is_mark(cell: str) -> bool:
    """Whether a cell holds a mark or a short form in place of words: "?", "TBC", a tick, "n/a"."""
    marks = read_words("heads")["cells"]["marks"]
    return fold_text(cell).strip(" .") in marks or is_unclear(cell)


_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_PICTURES = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")


@lru_cache(4096)
def clean_line(cell: str) -> str:
    """Return a cell of one line with plain spaces, without what can't be seen, or is a picture."""
    line = " ".join(_UNSEEN.sub("", cell).split())
    return line if line.isascii() else " ".join(_PICTURES.sub("", line).split()) or line


_NAME = re.compile(r"[^\W\d_]['’]?[^\W\d_]+")  # a word that is more than an initial
_TITLE = re.compile(r"(?:Mr|Mrs|Ms|Miss|Dr|mr|mrs|ms|miss|dr)\.?\s+\S")  # MS and DR are initials
_INITIALS = 3  # capital letters that are still initials: MB, JSB
_TWO = 2


def looks_like_name(text: str) -> bool:
    """Whether ``text`` begins with a title, or two words or more of it are more than initials."""
    if _TITLE.match(text):
        return True
    words = [each for each in text.split() if _NAME.match(each.strip(".,"))]
    is_initials = words and words[0].isupper() and len(words[0]) <= _INITIALS
    return len(words) >= _TWO and not is_initials


# Letters of other alphabets that look like ours, and ours that look like numbers.
_ALIKE = str.maketrans(
    "авекмнорстухіјѕԛԝАВЕКМНОРСТУХІЈЅԚԜαβικονρτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "abekmhopctyxijsqwabekmhopctyxijsqwabikovptuxabezhikmnoptyx",
)
_ALIKE |= str.maketrans("0O1lI|", "ooiiii")


def fold_client(client: str) -> str:
    """Return a client's initials as they look: without dots, spaces, case or alphabet."""
    return re.sub(r"[\W_]", "", fold_loosely(client.translate(_ALIKE)).translate(_ALIKE))


@lru_cache(4096)
def find_kind(typed: str) -> Category | None:
    """Return the kind that a cell names plainly: by its name, its label, or a usual word for it."""
    wanted = fold_text(typed).strip(" .")
    for category in CATEGORIES:
        if wanted in (category.replace("_", " "), category, fold_text(CATEGORY_LABELS[category])):
            return category
    said = read_words("heads")["kinds"]
    return next((each for each in CATEGORIES if wanted in said[each]), None)


def find_theme(titles: Iterable[str]) -> Category | None:
    """Return the one kind that a sheet is called by: "Falls log", "MEDS errors 2024"."""
    said = fold_text(" ".join(titles)).replace("_", " ")
    themes = read_words("heads")["themes"]
    meant = [each for each in CATEGORIES if each in themes and re.search(themes[each], said)]
    return meant[0] if len(meant) == 1 else None


def name_kind(said: str) -> Category | None:
    """Return the kind that is plainly said: as in a cell, or by the words of one label alone."""
    if found := find_kind(said):
        return found
    words = {*re.findall(r"[a-z]+", fold_text(said))} - {"or", "and", "the", "a"}
    labels = {each: {*fold_text(CATEGORY_LABELS[each]).split()} - {"or"} for each in CATEGORIES}
    meant = [each for each, label in labels.items() if words and words <= label]
    return meant[0] if len(meant) == 1 else None


def read_worry(said: str) -> bool | None:
    """Return whether there is a worry where it is plainly said, "not sure" being one; else None."""
    plain, folded = read_words("phone")["plain"], fold_text(said).strip(" .,!'\"")
    folded = folded.replace("’", "'")
    words = re.findall(r"[\w']+", folded)
    if folded and (is_plain_no(folded) or folded in plain["no"]):
        return False
    if words[:1] in (["no"], ["n"]) and set(words[1:]) <= {*plain["only_no"]}:
        return False
    return True if is_plain_yes(folded) or folded in plain["yes"] else None


@lru_cache(4096)
def find_entry(typed: str) -> str | None:
    """Return ``report`` or ``incident`` where a cell says which, None where it does not."""
    folded, cells = fold_text(typed).strip(" ."), read_words("heads")["cells"]
    if folded in cells["near_miss"]:
        return "report"
    return "incident" if folded in cells["incident"] else None


def is_code(typed: str) -> bool:
    """Whether a cell may say near miss or incident: it does, it is a letter, or a third kind."""
    folded = fold_text(typed).strip(" .")
    third = read_words("heads")["cells"]["third"]
    return bool(find_entry(folded)) or len(folded) <= 1 or any(each in folded for each in third)


_UNHURT = re.compile(
    r"(?:none|no|nil|n/?a|not applicable|nobody|no[- ]one)\s*(?:[.,;:(–—-].*|seen.*|apparent.*)?"
    r"|(?:(?:he|she|they) )?(?:is |was |were )?(?:unhurt|uninjured|fine|ok|okay)\b.*"
    r"|(?:(?:he|she|they) )?(?:was|were) ?n[o']t (?:hurt|injured)\b.*"
    r"|(?:not that|none that|nothing) (?:i|we|broken|seen|hurt|know)\b.*"
    r"|(?:no|not|nobody) (?:a |any |visible |obvious |apparent )?(?:injur|harm|sting|mark|hurt"
    r"|bruis|pain|bump|lump|cut|graz|scratch|bleed|blood|red|swell|burn|ill effect)[a-z]*\b.*",
    re.S,
)


def says_unhurt(typed: str) -> bool:
    """Whether a cell says that there was no injury: it begins so, and no word of harm follows."""
    folded = fold_text(typed).strip(" .")
    if folded in {"", *read_words("heads")["cells"]["nothing_hurt"]}:
        return True
    last = folded.rpartition(". ")[2]
    is_none = _UNHURT.fullmatch(folded) or last in ("none", "no injury", "not hurt")
    return bool(is_none) and not find_harm(typed)
