"""How reports look on a screen."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nearmiss.clock import read_now
from nearmiss.dates.shown import echo, echo_day
from nearmiss.model.wording import CATEGORY_LABELS
from nearmiss.records import words
from nearmiss.records.account import make_account
from nearmiss.records.history import Record
from nearmiss.text import join_lines, shorten

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

_TABLE_WIDTH = 72  # columns; below that each report stands on lines of its own
_GLIMPSE = 110  # characters of what nearly happened in a list


def show_list(records: Iterable[Record], *, decorated: bool) -> int:
    """Print the reports, one below the other, and return how many there were."""
    if decorated:
        return _show_table(list(records))
    shown = 0
    for record in records:
        print("\t".join(_columns(record)))
        shown += 1
    return shown


def _columns(record: Record) -> tuple[str, ...]:
    report = record.report
    when = f"{report.occurred:%Y-%m-%d %H:%M}"
    texts = (report.client, report.category, report.location, _mark(record))
    return (report.id, when, *map(join_lines, (*texts, report.what_nearly_happened)))


def _mark(record: Record) -> str:
    marks = [record.status]
    if not record.informed:
        marks.append("nobody told")
    if record.care_plan_waiting:
        marks.append("care plan review asked for, not answered")
    if record.report.safeguarding:
        marks.append("safeguarding")
    if record.harm_found:
        marks.append("harm found later")
    return ", ".join(marks)


def _show_table(records: list[Record]) -> int:
    from rich.console import Console

    console = Console(highlight=False)
    if not records:
        return 0
    wide = console.width >= _TABLE_WIDTH
    console.print(_make_table(records) if wide else _make_stack(records))
    return len(records)


def _make_table(records: list[Record]) -> "RenderableType":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, expand=True, header_style="bold")
    table.add_column("Number", no_wrap=True)
    table.add_column("When", no_wrap=True)
    table.add_column("Who", max_width=10, overflow="fold")
    table.add_column("What nearly happened", ratio=1)
    for record in records:
        table.add_row(*_make_row(record))
    return table


def _make_row(record: Record) -> "tuple[Text, ...]":
    from rich.text import Text

    report = record.report
    when = Text(f"{echo_day(report.occurred)}\n{report.occurred:%H:%M}")
    what = Text(f"{shorten(report.what_nearly_happened, _GLIMPSE)}\n")
    what.append(f"{report.location} · {CATEGORY_LABELS[report.category]}", style="dim")
    what.append_text(_make_notice(record))
    return Text(report.id), when, Text(report.client), what


def _make_notice(record: Record) -> "Text":
    from rich.text import Text

    notice = _mark(record).removeprefix("open").removeprefix(", ")
    return Text(f"\n{notice}" if notice else "", style="bold")


def _make_stack(records: list[Record]) -> "RenderableType":
    from rich.console import Group
    from rich.text import Text

    rows = []
    for record in records:
        head = Text(f"{record.report.id}  {record.report.client}", style="bold")
        when = Text(echo(record.report.occurred))
        rows += [head, when, _make_row(record)[3], Text()]
    return Group(*rows[:-1])


def show_record(record: Record, *, decorated: bool) -> None:
    """Print one report with everything that was written about it later."""
    if not decorated:
        print(words.describe_account(make_account(record), read_now().date()))
        return
    from rich.console import Console

    _print_record(Console(highlight=False), record)


def _print_record(console: "Console", record: Record) -> None:
    from rich.padding import Padding
    from rich.text import Text

    account = make_account(record)
    console.print(Text(f"Near miss {account.id}", style="bold underline"))
    console.print(Text(_mark(record)))
    console.print()
    for title, text in words.name_everything(account):
        console.print(Text(title, style="bold"))
        console.print(Padding(Text(text), (0, 0, 1, 2)))
    if not account.harm_found:
        console.print(Text(words.tell_no_harm(read_now().date())))
    console.print(Text(f"Written {words.tell_stamp(account)}"))
