"""How one report looks on a screen, with everything that was written about it later."""

import sys
from typing import TYPE_CHECKING

from nearmiss.clock import read_now
from nearmiss.records import words
from nearmiss.records.account import make_account
from nearmiss.records.history import Record
from nearmiss.screen.marks import draw_marks
from nearmiss.text import show_safely

if TYPE_CHECKING:
    from rich.console import Console

_MOST_COLUMNS = 90  # longer lines are hard to read


def show_record(record: Record, *, decorated: bool) -> None:
    """Print one report: harm found later and the next step first, then the answers and the rest."""
    if decorated or sys.stdout.isatty():
        from nearmiss.screen.pager import show

        show(lambda console: print_record(console, record), decorated=decorated)
    else:
        print(show_safely(words.describe_account(make_account(record), read_now().date())))


def print_record(console: "Console", record: Record) -> None:
    """Print one report as titles with their texts, folded between words."""
    from rich.padding import Padding
    from rich.text import Text

    account, width = make_account(record), min(console.width, _MOST_COLUMNS)
    console.print(Text(f"Near miss {account.id} ({account.status})", style="bold underline"))
    console.print(draw_marks(record), width=width)
    console.print()
    for title, text in words.name_everything(account):
        urgent = title.startswith(words.HARM)
        console.print(Text(show_safely(title), "bold red" if urgent else "bold"), width=width)
        console.print(Padding(Text(show_safely(text)), (0, 0, 1, 2)), width=width)
    if not account.harm_found:
        console.print(Text(words.tell_no_harm(read_now().date())), width=width)
    console.print(Text(f"Written {show_safely(words.tell_stamp(account))}."), width=width)
