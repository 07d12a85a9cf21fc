"""Renew the table and the pictures in the README: python -m tests.renew_readme."""

import json
import os
import re
import subprocess
import tempfile
import textwrap
from pathlib import Path
from typing import Any

from nearmiss.cli import list_panels
from tests.conftest import LONDON, USUAL_DAY
from tests.program import MOMENT, PROGRAM

ROOT = Path(__file__).parents[1]


def make_table() -> str:
    """Return the table of commands as the program itself describes them."""
    rows = ["| command | what it does |", "|---|---|"]
    for panel, commands in list_panels().items():
        rows.append(f"| **{panel}** | |")
        rows += [f"| `nearmiss {name}` | {what} |" for name, what in commands]
    return "\n".join(rows)


def put(text: str, name: str, end: str, content: str) -> str:
    """Return ``text`` with ``content`` between its two marks."""
    return re.sub(
        f"(<!-- {name} -->\n).*?(<!-- {end} -->)",
        lambda found: f"{found[1]}{content}\n{found[2]}",
        text,
        flags=re.DOTALL,
    )


def show_terminal(book: Path) -> str:
    """Return what a carer sees in a narrow terminal, as text; made at the moment of the tests.

    The sample book goes to ``book``, which is not there yet; its tag, which is drawn by chance,
    is the one that the README uses.
    """
    run("demo", str(book))
    tag = json.loads(book.read_bytes().split(b"\n")[0])["id"].partition("-")[0]
    shown = run("--logbook", str(book), "patterns", "--client", "MB").replace(tag, "K7QX")
    lines = [textwrap.fill(line, 72) for line in shown.strip().splitlines()]
    return "```text\n$ nearmiss patterns --client MB\n" + "\n".join(lines) + "\n```"


def run(*arguments: str) -> str:
    """Return what the program prints when it is run with these arguments."""
    pinned = {MOMENT: USUAL_DAY.isoformat(), "TZ": LONDON, "COLUMNS": "72"}
    return subprocess.run(
        [*PROGRAM, *arguments],
        env={**os.environ, **pinned},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def draw_page(book: Path, target: Path) -> None:
    """Draw the page of one report as SVG."""
    import typst
    from pydantic_core import to_json

    from nearmiss.documents.brief import Brief
    from nearmiss.documents.html import read_templates
    from nearmiss.documents.pdf import find_fonts
    from nearmiss.documents.reader import Hidden, choose_rules, show_records
    from nearmiss.documents.report import build_report
    from nearmiss.logbook.book import Logbook
    from nearmiss.records.read import read_records_in_order

    rules = choose_rules("family")
    records = list(read_records_in_order(Logbook(book), lambda unreadable: None))
    shown = list(show_records(records[2:3], rules, Hidden()))
    made = USUAL_DAY.date()
    brief = Brief(rules=rules, seal="8K2M-Q7XR-ZZ3A-01TB", made=made, carer="Maria, carer")
    document = build_report(shown, brief)
    sources: Any = read_templates(".typ")
    sources["main.typ"] = sources["report.typ"]
    data = typst.compile(
        sources,
        sys_inputs={"data": to_json(document).decode()},
        font_paths=find_fonts(),
        ignore_system_fonts=True,
        format="svg",
    )
    # A tenth of a point is finer than any screen shows, and makes the file half as large.
    target.write_bytes(re.sub(rb"(\d+\.\d)\d+", rb"\1", data))


def main() -> None:
    """Renew everything."""
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "demo.jsonl"
        os.environ["NEARMISS_HOME"] = folder
        readme = ROOT / "README.md"
        text = put(readme.read_text(encoding="utf-8"), "commands", "end of commands", make_table())
        text = put(text, "picture", "end of picture", show_terminal(book))
        readme.write_text(text, encoding="utf-8")
        draw_page(book, ROOT / "tests" / "pictures" / "report.svg")


if __name__ == "__main__":
    main()
