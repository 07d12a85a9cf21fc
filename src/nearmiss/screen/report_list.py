"""How a list of reports looks on a screen."""

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from nearmiss.dates.shown import echo, echo_day
from nearmiss.model.wording import CATEGORY_LABELS
from nearmiss.records.history import Record
from nearmiss.screen.marks import draw_marks, tell_marks
from nearmiss.text import join_lines, shorten, show_safely

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

    from nearmiss.records.finding import Place

_GLIMPSE = 110  # characters of what nearly happened in a list
_LEAST_TEXT = 28  # columns: where what happened has less, each report stands on lines of its own
_BETWEEN = 3  # columns between two others
_EDGES = 2
_WHO = "Who"
_MOST_CLIENT = 14  # columns of a client's name before it is folded, at a space


def show_list(records: Iterable[Record], *, find: str | None, decorated: bool) -> int:
    """Print the reports, one below the other, and return how many there were.

    With ``find``, where those words stand in each. A terminal is given no tabs: a table, or where
    it is not ``decorated``, lines.
    """
    if decorated or sys.stdout.isatty():
        return _show_at_terminal(list(records), find, decorated=decorated)
    shown = 0
    for record in records:
        print("\t".join(_list_columns(record, find)))
        shown += 1
    return shown


def _list_columns(record: Record, find: str | None) -> list[str]:
    report = record.report
    texts = [report.client, report.category, report.location, tell_marks(record)]
    texts += [report.what_nearly_happened, *([_tell_found(record, find)] if find else [])]
    when = f"{report.occurred:%Y-%m-%d %H:%M}"
    return [report.id, when, *(show_safely(join_lines(text)) for text in texts)]


def _tell_found(record: Record, find: str) -> str:
    from nearmiss.records.finding import find_places

    places = find_places(record, find)
    return "; ".join(f"{each.title}: {each.before}{each.words}{each.after}" for each in places)


def _show_at_terminal(records: Sequence[Record], find: str | None, *, decorated: bool) -> int:
    if records:
        from nearmiss.screen.pager import show

        show(
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
    fixed = len(records[0].report.id) + len("14 Apr 2026") + client + 3 * _BETWEEN + _EDGES
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
    table.add_column("What nearly happened", ratio=1, overflow="fold")
    for record, body in zip(records, bodies, strict=True):
        report = record.report
        about = "about " if report.occurred_approx else ""
        when = f"{echo_day(report.occurred)}\n{about}{report.occurred:%H:%M}"
        table.add_row(report.id, when, Text(show_safely(report.client)), body)
    return table


def _make_stack(records: Sequence[Record], bodies: "Sequence[Text]") -> "RenderableType":
    from rich.console import Group
    from rich.text import Text

    rows: list[Text] = []
    for record, body in zip(records, bodies, strict=True):
        report = record.report
        head = Text(f"{report.id}  {show_safely(report.client)}", style="bold")
        rows += [head, Text(echo(report.occurred, report.occurred_approx)), body, Text()]
    return Group(*rows[:-1])


def _describe(record: Record, find: str | None) -> "Text":
    """Return what is shown of a report beside its number: the marks first."""
    from rich.text import Text

    report = record.report
    lines = [draw_marks(record)]
    lines.append(Text(show_safely(shorten(report.what_nearly_happened, _GLIMPSE))))
    lines.append(Text(show_safely(f"{report.location} · {CATEGORY_LABELS[report.category]}")))
    if find:
        from nearmiss.records.finding import find_places

        lines += [_draw_place(place) for place in find_places(record, find)]
    return Text("\n").join(line for line in lines if line)


def _draw_place(place: "Place") -> "Text":
    from rich.text import Text

    text = Text(f"{place.title}: {show_safely(place.before)}")
    text.append(show_safely(place.words), "bold underline")
    return text.append(show_safely(place.after))
