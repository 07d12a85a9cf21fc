"""``nearmiss patterns``: where three similar near misses may be one problem."""

import json
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from nearmiss.errors import NearmissError
from nearmiss.options.completion import complete_client
from nearmiss.session import Session
from nearmiss.speech import is_conversation, say
from nearmiss.text import fold_text, show_safely

if TYPE_CHECKING:
    from nearmiss.commands.hazards import Cases
    from nearmiss.insight.patterns import Pattern

_DAYS = 90
_MOST_OF_A_CLIENT = 300  # reports, the newest: so many that 90 days are always among them


class NobodyToAsk(NearmissError):
    """A review needs a person to answer."""

    def __init__(self) -> None:
        super().__init__("A review asks questions, so it needs a terminal. Nothing was changed.")


def patterns(
    session: Session,
    client: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Only this client.", autocompletion=complete_client),
    ] = None,
    days: Annotated[int, typer.Option(min=1, help="Three must lie within so many days.")] = _DAYS,
    review: Annotated[
        bool, typer.Option("--review", help="Say of each possible one whether it is one.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
) -> None:
    """Show where similar near misses may be one problem, and why.

    Example: nearmiss patterns --client MB
    Example: nearmiss patterns --review
    """
    from nearmiss.commands.hazards import read_cases
    from nearmiss.insight.similar import LOOKED_AT

    if review and not is_conversation():
        raise NobodyToAsk
    cases = read_cases(session, LOOKED_AT)
    found = list_patterns(cases, client, days)
    if review:
        _review(session, cases, [each for each in found if each.status == "possible"])
    elif as_json:
        for each in found:
            print(json.dumps(_as_json(each), ensure_ascii=False))
    else:
        _tell(cases, found, days)
    session.warn_of_damage()


def list_patterns(cases: "Cases", client: str | None, days: int = _DAYS) -> "list[Pattern]":
    """Return the patterns of ``client``, or of every client where that is None."""
    from nearmiss.insight.likeness import Likeness
    from nearmiss.insight.patterns import find_patterns

    likeness = Likeness([case.traits for case in cases.cases])
    wanted = fold_text(client) if client is not None else None
    counts: Counter[str] = Counter()
    chosen = []
    for case in cases.cases:  # the newest first
        theirs = fold_text(case.report.client)
        counts[theirs] += 1
        if wanted in (None, theirs) and counts[theirs] <= _MOST_OF_A_CLIENT:
            chosen.append(case)
    return find_patterns(chosen, cases.verdicts, likeness, days)


def _as_json(pattern: "Pattern") -> dict[str, object]:
    return {
        "client": pattern.client,
        "status": pattern.status,
        "reports": pattern.reports,
        "reasons": pattern.reasons,
        "first": pattern.first.isoformat(),
        "last": pattern.last.isoformat(),
    }


def _tell(cases: "Cases", found: "list[Pattern]", days: int) -> None:
    import sys

    from nearmiss import words
    from nearmiss.commands.hazards import describe_pattern
    from nearmiss.speech import fold

    if not found:
        print(fold(words.no_pattern_line(days), sys.stdout))
    for each in found:
        what, meaning = describe_pattern(each, cases)
        print(fold(show_safely(what), sys.stdout))
        print(fold(f"Reports: {', '.join(each.reports)}", sys.stdout))
        print(fold(show_safely(meaning), sys.stdout), end="\n\n")
    if any(each.status == "possible" for each in found):
        say("To say which of the possible ones are the same hazard: nearmiss patterns --review")


def _review(session: Session, cases: "Cases", found: "list[Pattern]") -> None:
    from nearmiss.commands.verdicts import ask_about_pattern

    if not found:
        say("There is no possible pattern to review.")
    for each in found:
        ask_about_pattern(session, cases, each)
