"""What is about to be taken in from a sheet: shown row by row, and asked about once."""

from contextlib import suppress

from nearmiss.dates.shown import echo_day
from nearmiss.interview.assumed import name_rows
from nearmiss.interview.change_rows import ask_change, list_people_told
from nearmiss.interview.taking import Taking
from nearmiss.model.questions import CATEGORY_LABELS
from nearmiss.speech import count_of, join_words, name_some, say
from nearmiss.terminal.asking import Asker, Choice, GoBack, Option
from nearmiss.text import join_lines, show_safely

_NAMED = 10
SHOWN = 10  # rows of the table before saving
_MOST_LOOKED = 300  # rows that are looked through for words of harm


def tell_harm(taking: Taking) -> None:
    """Say which near misses tell of harm: whether it happened, the carer knows."""
    from nearmiss.intake.harm import find_harm
    from nearmiss.model.entries import NearMissFields

    found = []
    for row in taking.standing[:_MOST_LOOKED]:
        report = row.report
        if isinstance(report, NearMissFields):
            texts = (report.what, report.outcome, report.immediate_action)
            harm = next((words for each in texts if (words := find_harm(each))), ())
            found += [f'{row.number} ("{show_safely(harm[0][:40])}")'] if harm else []
    if found:
        rows = join_words(name_some(found, _NAMED))
        noun = taking.noun.capitalize()
        among = f", of the first {_MOST_LOOKED}" if len(taking.rows) > _MOST_LOOKED else ""
        taking.told.append(
            f"Words of harm stand in near misses{among}: {noun.lower()} {rows}. Where somebody was "
            "hurt, it is an incident."
        )


def tell_kinds(taking: Taking) -> str:
    """Return which kinds were suggested from what was written, and in which rows."""
    found = dict[str, list[int]]()
    for row in taking.standing:
        if row.is_suggested:
            found.setdefault(row.kind, []).append(row.number)
    named = [
        f"{label} {len(found[kind])} ({name_rows(found[kind])})"
        for kind, label in CATEGORY_LABELS.items()
        if kind in found
    ]
    return f"Kinds, suggested from what was written: {'; '.join(named)}." if named else ""


def show_rows(taking: Taking, places: range, *, plain: bool) -> None:
    """Show some rows as they were understood, a line each."""
    from nearmiss.records.words import tell_day_and_hour

    if not plain:
        say(f"{taking.noun.capitalize():>6}  {'Client':8} {'When':25} {'Where':12} What")
    for row in taking.rows[places.start : places.stop]:
        report = row.report
        marks = ["incident"] if hasattr(report, "injury") else []
        marks += ["concern"] if report.safeguarding else []
        marks += ["left out"] if row.number in taking.out else []
        mark = f"[{', '.join(marks)}] " if marks else ""
        day = report.occurred
        said = echo_day(day) if report.hour_not_known else tell_day_and_hour(report)
        cells = (report.client, said, report.location)
        client, when, where = (show_safely(join_lines(each)) for each in cells)
        what = f"{mark}{show_safely(join_lines(report.what))}"
        if plain:
            say(f"{taking.noun.capitalize()} {row.number}: {client}, {when}, {where}: {what[:80]}")
        else:
            line = f"{row.number:>6}  {_cut(client, 8)} {_cut(when, 25)} {_cut(where, 12)} {what}"
            say(_cut(line, 79).rstrip())


_MOST_DOUBTFUL = 20  # rows that are shown


def show_doubtful(taking: Taking) -> None:
    """Show which rows look like no reports and stay out, and which of those taken may be none."""
    for ask, rows in (
        ("Left out, as they look like no reports:", taking.none.keys() & taking.out.keys()),
        ("Taken, and perhaps no reports:", taking.asides.keys() - taking.out.keys()),
    ):
        words = taking.none | taking.asides
        shown = [f"{number:>6}  {words[number]}"[:79] for number in sorted(rows)]
        for line in (ask, *name_some(shown, _MOST_DOUBTFUL)) if shown else ():
            say(line)


def _cut(text: str, width: int) -> str:
    from nearmiss.terminal.menu import cut_cells
    from nearmiss.terminal.rows import measure

    shown = cut_cells(text, width)
    return shown + " " * (width - measure(shown))


def ask_to_save(asker: Asker, taking: Taking, *, plain: bool) -> bool:
    """Return whether what was shown is to be saved, rows changed or left out first.

    Raises GoBack.
    """
    shown = min(len(taking.rows), SHOWN)
    while True:
        count = len(taking.standing)
        options: list[Option[str]] = [Option("yes", "yes", "y"), Option("no", "no", "n")]
        options.append(Option("change rows, or leave them out", "change", "c"))
        if is_more := shown < len(taking.rows):
            options.append(Option("more rows", "more", "m"))
        first = f" (the first {shown} are shown)" if is_more else ""
        ask = f"Save {count_of(count, 'report')}{first}?"
        answer = asker.choose(Choice(ask, tuple(options), in_a_row=True, can_go_back=True))
        if answer in ("yes", "no"):
            return answer == "yes" and bool(count)
        begin, shown = (shown, shown + SHOWN) if answer == "more" else (0, shown)
        with suppress(GoBack):
            if answer == "change":
                ask_change(asker, taking)
            shown = min(max(shown, SHOWN), len(taking.rows))
            show_rows(taking, range(begin, shown), plain=plain)
            if answer == "change":
                show_doubtful(taking)


def tell_untold(taking: Taking) -> str:
    """Return in which rows nobody is noted as told, and words stand of somebody who was."""
    standing = [row for row in taking.standing[:_MOST_LOOKED] if not row.report.informed]
    found = [row.number for row in standing if list_people_told(row.report)[0]]
    if not found:
        return ""
    return (
        f"Nobody is noted as told in {name_rows(found)}, though words there may say so: to note "
        "them, change those rows."
    )
