"""What is asked about a carer's own spreadsheet: what a column holds, and what a kind means."""

from collections.abc import Mapping, Sequence

from nearmiss.intake.columns import CLOCK, DAY, LEFT_OUT, UnknownColumns, match_columns, name_field
from nearmiss.interview.asking import Asker, Choice, Option
from nearmiss.model.wording import CATEGORIES, CATEGORY_LABELS, QUESTIONS, Category
from nearmiss.text import show_safely

_FIELDS = (*QUESTIONS, DAY, CLOCK)


def ask_columns(asker: Asker, headings: Sequence[str]) -> tuple[str, ...]:
    """Return the field that each column holds; what its heading does not say is asked.

    Raises TwiceNamed, GoBack, KeyboardInterrupt or EOFError.
    """
    chosen: dict[str, str] = {}
    while True:
        try:
            return match_columns(headings, chosen)
        except UnknownColumns as problem:
            column = problem.columns[0]
            taken = {*problem.taken, *chosen.values()}
            chosen[column.heading] = _ask_field(asker, column.heading, column.guess, taken)


def _ask_field(asker: Asker, heading: str, guess: str, taken: set[str]) -> str:
    free = [each for each in _FIELDS if each not in taken]
    options = [Option(name_field(each), each) for each in free]
    options.append(Option("leave this column out", LEFT_OUT))
    question = f'What does the column "{show_safely(heading[:40])}" hold?'
    chosen = free.index(guess) if guess in free else None
    return asker.choose(Choice(question, tuple(options), chosen=chosen))


def ask_kinds(asker: Asker, unknown: Mapping[str, Category | None]) -> dict[str, Category]:
    """Return which of the six each unknown kind means; ``unknown`` has the nearest, or None.

    Raises GoBack, KeyboardInterrupt or EOFError.
    """
    return {typed: _ask_kind(asker, typed, guess) for typed, guess in unknown.items()}


def _ask_kind(asker: Asker, typed: str, guess: Category | None) -> Category:
    options = tuple(Option(CATEGORY_LABELS[kind], kind) for kind in CATEGORIES)
    question = f'Which kind is "{show_safely(typed[:40])}"?'
    help_text = "It is kept for every row that says so."
    chosen = CATEGORIES.index(guess) if guess else None
    return asker.choose(Choice(question, options, help_text, chosen=chosen))
