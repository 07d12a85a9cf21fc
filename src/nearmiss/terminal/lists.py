"""How reports look on a screen: a list of them, one alone, and patterns.

Colour marks only harm, safeguarding and that nobody was told. Red and magenta can be read on
dark, light and Solarized; grey and "bright black" can not.
"""

import sys
import textwrap
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from nearmiss.dates.now import read_now
from nearmiss.dates.shown import UNKNOWN_HOUR, echo_day
from nearmiss.model.questions import CATEGORY_LABELS
from nearmiss.records import words
from nearmiss.records.informed import NO_PROTECTOR, lacks_protector, list_unreached, tell_untold
from nearmiss.records.record import Record
from nearmiss.text import join_lines, shorten, show_safely

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

    from nearmiss.records.find import Place

_URGENT, _PRESSING, _PLAIN = "bold red", "bold magenta", "bold"


Sign = tuple[str, str]  # one thing to be seen at once, and the style that shows it


def list_marks(record: Record) -> list[Sign]:
    """Return what is to be seen at once of a report, what presses most first."""
    if record.withdrawn:
        return [("withdrawn", _PLAIN)]
    untold, step = tell_untold(record), record.next_step
    is_missed = not untold and record.is_open and bool(list_unreached(record))
    due = f" by {echo_day(step.due)}" if step and step.due else ""
    marks = [
        (record.is_incident, ("incident", _URGENT)),
        (bool(record.harm_found), ("harm found later", _URGENT)),
        (record.report.safeguarding, ("safeguarding", _URGENT)),
        (bool(untold), (untold, _PRESSING)),
        (is_missed, ("somebody not reached yet", _PLAIN)),
        (step is not None, (f"next step{due}", _PLAIN)),
        (
            record.care_plan_waiting is not None,
            ("care plan review asked for, not answered", _PLAIN),
        ),
        (not record.is_open, ("closed", _PLAIN)),
    ]
    return [mark for stands, mark in marks if stands]


def draw_marks(record: Record) -> "Text":
    """Return the marks of a report on a line, in colour."""
    from rich.text import Text

    return Text(", ").join(Text(*mark) for mark in list_marks(record))


def tell_marks(record: Record) -> str:
    """Return the status of a report and its marks in words: ``open, nobody told``."""
    status = record.status
    others = (text for text, _ in list_marks(record) if text != status)
    return ", ".join((status, *others))


_GLIMPSE = 110  # characters of what nearly happened in a list
_LEAST_TEXT = 28  # columns: where what happened has less, each report stands on lines of its own
_BETWEEN = 3  # columns between two others
_EDGES = 2
_WHO = "Who"
_MOST_CLIENT = 14  # columns of a client's name before it is folded, at a space


def show_list(records: Iterable[Record], *, find: str | None, decorated: bool) -> int:
    """Print the reports, with where words to ``find`` stand; return how many there were."""
    if decorated or sys.stdout.isatty():
        return _show_at_terminal(list(records), find, decorated=decorated)
    shown = 0
    for record in records:
        print("\t".join(_list_columns(record, find)))
        shown += 1
    return shown


def _list_columns(record: Record, find: str | None) -> list[str]:
    report = record.report
    noticed = ", noticed then" if report.noticed else ""
    texts = [report.client, report.category, report.location, f"{tell_marks(record)}{noticed}"]
    texts += [report.what, *([_tell_found(record, find)] if find else [])]
    when = f"{report.occurred:{'%Y-%m-%d' if report.hour_not_known else '%Y-%m-%d %H:%M'}}"
    return [record.id, when, *(show_safely(join_lines(text)) for text in texts)]


def _tell_found(record: Record, find: str) -> str:
    from nearmiss.records.find import find_places

    places = find_places(record, find)
    return "; ".join(f"{each.title}: {each.before}{each.words}{each.after}" for each in places)


def _show_at_terminal(records: Sequence[Record], find: str | None, *, decorated: bool) -> int:
    if records:
        from nearmiss.terminal.show import show_paged

        show_paged(
            lambda console: print_list(console, records, find, as_table=decorated),
            decorated=decorated,
        )
    return len(records)


def print_list(
    console: "Console", records: Sequence[Record], find: str | None, *, as_table: bool = True
) -> None:
    """Print the reports as a table, or one below the other where a table would break words."""
    bodies = [_describe(record, find) for record in records]
    client = _measure_client(records)
    fixed = len(records[0].id) + len("14 Apr 2026") + client + 3 * _BETWEEN + _EDGES
    left = console.width - fixed
    if as_table and left >= max(_LEAST_TEXT, *(_measure_word(body.plain) for body in bodies)):
        console.print(_make_table(records, bodies, client))
    else:
        console.print(_make_stack(records, bodies))


def _measure_client(records: Sequence[Record]) -> int:
    from rich.cells import cell_len

    names = [_WHO, *(show_safely(record.report.client) for record in records)]
    longest = max(cell_len(name) for name in names)
    return max(min(longest, _MOST_CLIENT), *map(_measure_word, names))


def _measure_word(text: str) -> int:
    """Return the columns of the longest word; one in wide signs, as Chinese, folds anywhere."""
    from rich.cells import cell_len

    narrow = (word for word in text.split() if cell_len(word) <= len(word))
    return max(map(len, narrow), default=0)


def _make_table(
    records: Sequence[Record], bodies: "Sequence[Text]", client: int
) -> "RenderableType":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, expand=True, header_style="bold")
    table.add_column("Number", no_wrap=True)
    table.add_column("When", no_wrap=True)
    table.add_column(_WHO, width=client, overflow="fold")
    hurt = any(record.is_incident for record in records)
    what = "What happened, or nearly" if hurt else "What nearly happened"
    table.add_column(what, ratio=1, overflow="fold")
    for record, body in zip(records, bodies, strict=True):
        report = record.report
        about = "noticed " if report.noticed else "about " if report.occurred_approx else ""
        hour = UNKNOWN_HOUR if report.hour_not_known else f"{about}{report.occurred:%H:%M}"
        when = f"{echo_day(report.occurred)}\n{hour}"
        table.add_row(record.id, when, Text(show_safely(report.client)), body)
    return table


def _make_stack(records: Sequence[Record], bodies: "Sequence[Text]") -> "RenderableType":
    from rich.console import Group
    from rich.text import Text

    rows: list[Text] = []
    for record, body in zip(records, bodies, strict=True):
        report = record.report
        head = Text(f"{record.id}  {show_safely(report.client)}", style="bold")
        rows += [head, Text(words.tell_when(report)), body, Text()]
    return Group(*rows[:-1])


def _describe(record: Record, find: str | None) -> "Text":
    from rich.text import Text

    report = record.report
    lines = [draw_marks(record)]
    lines.append(Text(show_safely(shorten(report.what, _GLIMPSE))))
    lines.append(Text(show_safely(f"{report.location} · {CATEGORY_LABELS[report.category]}")))
    if find:
        from nearmiss.records.find import find_places

        lines += [_draw_place(place) for place in find_places(record, find)]
    return Text("\n").join(line for line in lines if line)


def _draw_place(place: "Place") -> "Text":
    from rich.text import Text

    text = Text(f"{place.title}: {show_safely(place.before)}")
    text.append(show_safely(place.words), "bold underline")
    return text.append(show_safely(place.after))


_MOST_COLUMNS = 90  # longer lines are hard to read
_PIPED_COLUMNS = 72


def show_record(record: Record, *, decorated: bool) -> None:
    """Print one report: harm found later and the next step first, then the answers and the rest."""
    if decorated or sys.stdout.isatty():
        from nearmiss.terminal.show import show_paged

        show_paged(lambda console: print_record(console, record), decorated=decorated)
    else:
        print(show_safely(describe_record(record, read_now().date())))


def _frame(record: Record, made: date) -> tuple[list[str], list[str]]:
    """Return what is said of a report before all that is told of it, and behind it."""
    title = f"{words.name_kind(record)} {words.name_number(record)} ({record.status})"
    first = [words.tell_withdrawn(record.withdrawn)] if record.withdrawn else []
    first += [NO_PROTECTOR] if lacks_protector(record) and not record.withdrawn else []
    no_harm = [] if words.tells_of_harm(record) else [words.tell_no_harm(made)]
    return [title, *first], [*no_harm, f"{words.tell_writing(record)}."]


def print_record(console: "Console", record: Record) -> None:
    """Print one report as titles with their texts, folded between words."""
    from rich.padding import Padding
    from rich.text import Text

    width = min(console.width, _MOST_COLUMNS)
    (title, *first), ends = _frame(record, read_now().date())
    console.print(Text(title, style="bold underline"))
    for line in first:
        console.print(Text(show_safely(line)), width=width)
    console.print(draw_marks(record), width=width)
    console.print()
    for title, text in words.name_everything(record):
        urgent = title.startswith(words.HARM)
        console.print(Text(show_safely(title), "bold red" if urgent else "bold"), width=width)
        console.print(Padding(Text(show_safely(text)), (0, 0, 1, 2)), width=width)
    for line in ends:
        console.print(Text(show_safely(line)), width=width)


def describe_record(record: Record, made: date) -> str:
    """Return a report as it stands on the day ``made`` in words, with all that came later."""
    begin, ends = _frame(record, made)
    told = (_block(title, text) for title, text in words.name_everything(record))
    parts = [*begin, *told, *ends]
    spaces = ("\n" if "\n" not in before + part else "\n\n" for before, part in pairwise(parts))
    return parts[0] + "".join(space + part for space, part in zip(spaces, parts[1:], strict=True))


def _block(title: str, text: str) -> str:
    if "\n" not in text and len(title) + len(text) + 2 <= _PIPED_COLUMNS:
        return f"{title}: {text}"
    width = _PIPED_COLUMNS - 2
    wrapped = (textwrap.fill(line, width, break_long_words=False) for line in text.split("\n"))
    return f"{title}:\n{textwrap.indent(chr(10).join(wrapped), '  ')}"
