"""The kind of near miss that a typed word names."""

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
    close = get_close_matches(wanted, CATEGORIES, n=1)
    guess = f" Did you mean {close[0]}?" if close else ""
    raise UnknownKind(kind=show_safely(text[:40]), guess=guess, kinds=", ".join(CATEGORIES))
