"""``log --text``, and the same text pasted at the first question."""

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.interview.terminal import CTRL_D, Terminal, name_carer

WHOLE = """[02/09/2026, 21:14] Maria: 1 Who (initials): MB
2 When: 2 Sep 2026 8pm
3 Where: landing
4 What nearly happened: he turned at the top of the stairs with the tray
5 What stopped it: he put his hand on the rail
6 What I did: took the tray
7 Worried about harm or neglect (y / n / not sure): n
8 Told (who, how, when): wife, phone, 8:10pm
9 Idea: no trays upstairs
10 Kind: Moving or falling
"""
PART = """
1 Who: KT
2 When: 2 Sep 2026 5pm
3 Where: bedroom
4 What nearly happened: she stood up alone
5 What stopped it: the bed
7 Worried: y
"""


@pytest.fixture(autouse=True)
def named(home: Path) -> None:
    name_carer(home)


def list_drafts(home: Path) -> list[dict[str, object]]:
    found = sorted((home / "state" / "drafts").glob("*.json"))
    return [json.loads(path.read_bytes()) for path in found]


def test_without_a_terminal_it_is_kept_and_nothing_is_saved_unseen(home: Path, run: Run) -> None:
    kept = run("log", "--text", "-", given=WHOLE)
    assert (kept.code, kept.out) == (2, "")
    assert "1 report kept as a draft, not saved" in kept.err
    (draft,) = list_drafts(home)
    assert draft["client"] == "MB"
    assert draft["claims"] == ["sent 02/09/2026, 21:14 by Maria"]
    assert not (home / "logbook.jsonl").exists()


def test_with_yes_what_is_whole_is_saved_and_the_rest_kept(home: Path, run: Run) -> None:
    done = run("log", "--text", "-", "--yes", given=WHOLE + PART)
    assert done.code == 2
    assert "KT: Immediate action taken and Kind" in done.err
    shown = run("show", done.out.strip(), "--json").rows[0]
    assert shown["location"] == "landing"
    assert shown["claims"] == ["sent 02/09/2026, 21:14 by Maria"]
    assert [each["client"] for each in list_drafts(home)] == ["KT"]
    assert run("verify").code == 0


def test_words_of_harm_and_other_options_are_not_saved_unseen(home: Path, run: Run) -> None:
    hurt = WHOLE.replace("took the tray", "she fell to the floor and cut her head, I rang 999")
    kept = run("log", "--text", "-", "--yes", given=hurt)
    assert (kept.code, kept.out) == (2, "")
    assert "whether anyone was hurt" in kept.err
    assert run("log", "--text", "-", "--client", "MB", given=WHOLE).code == 2
    assert "no answer in that text" in run("log", "--text", "-", given=" ").err
    assert run("log", "--text", "-", given=b"\xff\xfe\xfa\x00\xd8").code == 1


def test_a_paste_at_the_first_question_is_asked_on_and_reviewed(home: Path, run: Run) -> None:
    terminal = Terminal("log")
    terminal.answer("Was anyone hurt", "n")
    terminal.see("Who was it?")
    terminal.type(f"\x1b[200~{WHOLE}{PART}\x1b[201~")
    terminal.answer("?: example", "")
    terminal.answer("Save this report?", "")
    terminal.answer("What next?", "")
    terminal.answer("Go on with the next one from your phone: KT", "y")
    terminal.answer("Was anyone hurt", "n")
    terminal.answer("What did you do straight away?", "sat her down")
    terminal.see("From your phone: y")
    terminal.answer("Are you worried", "")
    terminal.answer("Who have you told?", "")
    terminal.answer("Who have you told of this worry?", "")
    terminal.answer("What could stop it", "")
    terminal.answer("Which kind", "1")
    terminal.answer("Save this report?", "")
    terminal.answer("What next?", "")
    terminal.finish()
    rows = run("list", "--json").rows
    assert [row["client"] for row in rows] == ["KT", "MB"]
    assert rows[1]["claims"] == ["sent 02/09/2026, 21:14 by Maria"]
    assert list_drafts(home) == []


def test_a_text_typed_is_kept_where_the_window_closes_at_the_first_question(home: Path) -> None:
    terminal = Terminal("log", "--text", "-")
    terminal.type(f"{WHOLE}\nAlso on Tuesday EB nearly burnt her lip on the soup.\n", ends=CTRL_D)
    terminal.see("Are these two reports?")
    terminal.child.close(force=True)
    assert "MB" in [each.get("client") for each in list_drafts(home)]
    assert "burnt her lip" in json.dumps(list_drafts(home))
