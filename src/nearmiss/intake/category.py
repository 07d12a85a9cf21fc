"""The kind of near miss that a typed word names."""

from collections.abc import Sequence
from difflib import get_close_matches

from nearmiss.errors import UsageProblem
from nearmiss.model.wording import CATEGORIES, CATEGORY_LABELS, Category
from nearmiss.text import fold_text, show_safely


class UnknownKind(UsageProblem):
    """A kind of near miss that is not one of the six."""

    def __init__(self, *, kind: str, guess: str, kinds: str) -> None:
        super().__init__(f'"{kind}" is not a kind.{guess} The kinds are: {kinds}')


def read_category(text: str) -> Category:
    """Return the kind that ``text`` names, ignoring case and ``-`` for ``_``. Raises UnknownKind.

    Its label ("Medicines") names it too.
    """
    wanted = fold_text(text).replace("-", "_").replace(" ", "_")
    for category in CATEGORIES:
        if wanted in (category, fold_text(CATEGORY_LABELS[category]).replace(" ", "_")):
            return category
    close = guess_kind(text)
    guess = f" Did you mean {close}?" if close else ""
    raise UnknownKind(kind=show_safely(text[:40]), guess=guess, kinds=", ".join(CATEGORIES))


# How the words begin that carers use for a kind; only ever offered, never taken.
_WORDS: tuple[tuple[str, Category], ...] = (
    ("fall trip slip stumbl walk transfer moving hoist", "mobility"),
    ("medic meds tablet pill drug dose insulin", "medication"),
    ("hous fire gas hazard floor rug equipment environ", "environment"),
    ("dementia memory confus wander aggress behav", "behaviour"),
    ("wash bath shower toilet dress eat drink chok skin personal", "personal_care"),
)


def guess_kind(text: str) -> Category | None:
    """Return the kind that ``text`` may mean: a misspelt name, or a carer's word for it."""
    words = fold_text(text).split()
    for begins, category in _WORDS:
        if any(word.startswith(tuple(begins.split())) for word in words):
            return category
    close = get_close_matches("_".join(words), CATEGORIES, n=1)
    return next((each for each in CATEGORIES if [each] == close), None) or _guess_misspelt(words)


def _guess_misspelt(words: Sequence[str]) -> Category | None:
    known = {begin: category for begins, category in _WORDS for begin in begins.split()}
    close = [each for word in words for each in get_close_matches(word, known, n=1, cutoff=0.75)]
    return known[close[0]] if close else None
