"""Books of several carers taken into one: one state in whatever order, nothing lost or forged."""

import os
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.logbook.lines import compute_digest, compute_seal, encode_line, parse_object
from nearmiss.logbook.merge import Placing, list_undone, read_index
from nearmiss.logbook.source import read_source
from nearmiss.model.entries import (
    ComparisonFields,
    Content,
    Correction,
    CorrectionFields,
    Envelope,
    FollowUp,
    FollowUpFields,
    Report,
)
from nearmiss.model.ids import EntryId
from nearmiss.records.read import read_newest
from tests.conftest import NOW, Run, make_report

ORDERS = int(os.environ.get("NEARMISS_TEST_ORDERS", "20"))  # by hand: 10000


def take_in(book: Logbook, path: Path, now: datetime = NOW) -> list[tuple[str, str]]:
    """Import the book at ``path``; return the numbers that two entries have."""
    pairs: list[tuple[str, str]] = []

    def make(first: EntryId) -> list[Any]:
        with path.open("rb") as file:
            source = read_source(path, file, path.stat().st_size)
        assert source.intact, source.faults
        placing = Placing(source.entries, read_index(book))
        made = [(each, {**origin, "batch": str(first)}) for each, origin in placing.place(first)]
        pairs.extend(placing.pairs)
        return made

    book.append_made(make, "Importer", now)
    return pairs


def draw_entry(chance: random.Random, book: Logbook) -> Content:  # noqa: PLR0911
    """Return something that a carer might write next in ``book``."""
    entries = [each for each in book.read_forward() if isinstance(each, Report | FollowUp)]
    reports = [each for each in entries if isinstance(each, Report)]
    follow_ups = [each for each in entries if isinstance(each, FollowUp)]
    if len(reports) < 2 or chance.random() < 0.15:
        return make_report(what_nearly_happened=f"Slid {chance.random()}")
    about = chance.choice(reports).id
    kind = chance.randrange(8)
    if kind == 0:
        return FollowUpFields(about=about, closes=chance.random() < 0.7)
    if kind == 1:
        return FollowUpFields(about=about, care_plan_status=chance.choice(["asked", "changed"]))
    if kind == 2:
        return FollowUpFields(about=about, next_step=f"Ring {chance.random()}")
    if kind == 3 and (steps := [each for each in follow_ups if each.next_step]):
        step = chance.choice(steps)
        ends = step.id if chance.random() < 0.7 else None
        return FollowUpFields(about=step.about, next_done=True, ends=ends)
    if kind == 4:
        where = f"room {chance.random()}"
        return CorrectionFields(about=about, changes={"location": where}, reason="x")
    if kind == 5 and follow_ups:
        gone = chance.choice(entries).id
        return CorrectionFields(about=gone, withdraws=True, reason=f"x {chance.random()}")
    if kind == 6:
        other = chance.choice([each.id for each in reports if each.id != about])
        same = chance.random() < 0.5
        return ComparisonFields(about=about, other=other, same_hazard=same)
    return FollowUpFields(about=about, changed=f"Rug {chance.random()}")


def write_books(chance: random.Random, folder: Path) -> list[Path]:
    """Write three carers' books, who take in each other's; not all of their clocks are right."""
    books = [Logbook(folder / f"{name}.jsonl") for name in "abc"]
    now = [NOW + timedelta(seconds=chance.randrange(-60, 60)) for _ in books]
    for _ in range(14):
        which = chance.randrange(3)
        now[which] += timedelta(seconds=chance.choice([-30, 0, 0, 1, 5, 60]))
        now[which] += timedelta(days=chance.choice([-400, *[0] * 30, 400]))
        if chance.random() < 0.15:
            source = chance.choice([each for each in books if each is not books[which]])
            if source.exists():
                take_in(books[which], source.path, now[which])
        elif chance.random() < 0.15 and books[which].exists():
            take_back(books[which], now[which])
        books[which].append([draw_entry(chance, books[which])], f"Carer {which}", now[which])
    return [book.path for book in books if book.exists()]


def take_back(book: Logbook, now: datetime) -> None:
    """Undo what was last taken in, as ``import --undo`` does."""
    entries = [each for each in book.read_forward() if isinstance(each, Envelope)]
    batch = max((each.batch for each in entries if each.batch and each.origin_seal), default="")
    undone = [
        (CorrectionFields(about=each.id, withdraws=True, reason="Import undone"), {"batch": batch})
        for each in entries
        if each.batch == batch and each.origin_seal and not isinstance(each, Correction)
    ]
    if undone and not list_undone(entries).keys() & {each.about for each, _ in undone}:
        book.append_made(lambda first: undone, "Carer", now)


def tell_state(book: Logbook) -> list[Any]:
    """Return what stands in a book, by the numbers with which its entries were first written."""
    first: dict[str, str] = {}
    for entry in book.read_forward():
        if isinstance(entry, Envelope):
            first[entry.id] = entry.origin_id or entry.id

    def name(text: str) -> str:
        return first.get(text, text)

    records, comparisons = read_newest(book, lambda _: None)
    from nearmiss.insight.cases import read_verdicts

    state = []
    for each in records:
        fields = each.report.model_dump(
            include={"client", "location", "what_nearly_happened", "safeguarding"}
        )
        state.append(
            (
                name(each.id),
                sorted(fields.items()),
                each.status,
                each.withdrawn and (name(each.withdrawn.id), each.withdrawn.reason),
                [(name(step.id), step.text) for step in each.steps],
                sorted((name(step.id), step.done) for step in each.steps_done),
                each.care_plan and replace(each.care_plan, id=name(each.care_plan.id)),
                [(name(change.id), change.undone) for change in each.changes],
                [(name(done.id), bool(done.withdrawn)) for done in each.follow_ups],
                [name(put.id) for put in each.corrections],
            )
        )
    verdicts = read_verdicts(comparisons, [each.current for each in records])
    said = sorted(
        (*sorted(map(name, pair)), each.same_hazard) for pair, each in verdicts.newest.items()
    )
    return [sorted(state, key=str), said]


def import_in_order(
    folder: Path, paths: Sequence[Path], name: str, chance: random.Random
) -> list[Any]:
    """Take in books, now and then by way of somebody else's; when that is, is all one."""
    book, between = Logbook(folder / f"{name}.jsonl"), Logbook(folder / f"{name}-between.jsonl")
    for path in paths:
        now = NOW + timedelta(days=chance.choice([-500, 0, 0, 300, 500]))
        through = chance.random() < 0.3
        if through:
            take_in(between, path, now)
        take_in(book, between.path if through else path, now + timedelta(hours=1))
    with book.path.open("rb") as file:
        assert not read_source(book.path, file, book.path.stat().st_size).faults
    ids = [each.id for each in book.read_forward() if isinstance(each, Envelope)]
    assert len(set(ids)) == len(ids)
    return tell_state(book)


def check_orders(folder: Path, seed: int) -> None:
    """Check that one draw of three books comes to one state, in whatever order."""
    chance = random.Random(seed)
    paths = write_books(chance, folder)
    states = []
    for turn in range(2):
        order = chance.sample(paths, len(paths)) + chance.choices(paths, k=chance.randrange(3))
        states.append(import_in_order(folder, order, f"into-{turn}", chance))
    books = list(map(Logbook, paths))
    if not any(list_undone(each.read_forward()) for each in books):  # that is each book's own
        for book in books:  # the last: the others hold what it took in from them
            for each in set(paths) - {book.path}:
                take_in(book, each, NOW + timedelta(days=chance.choice([-500, 0, 300])))
            states.append(tell_state(book))
    assert all(each == states[0] for each in states), seed


@pytest.mark.parametrize("seed", range(ORDERS))
def test_the_same_books_come_to_the_same_state_in_whatever_order(tmp_path: Path, seed: int) -> None:
    check_orders(tmp_path, seed)


def test_an_older_closing_that_comes_later_takes_no_newer_step(
    run: Run, book: Logbook, tmp_path: Path
) -> None:
    ana = Logbook(tmp_path / "ana.jsonl")
    (report,) = ana.append([make_report()], "Ana", NOW).ids
    early = ana.path.read_bytes()
    ana.append([FollowUpFields(about=report, closes=True)], "Ana", NOW + timedelta(hours=1))
    first = tmp_path / "first.jsonl"
    first.write_bytes(early)
    take_in(book, first)
    here = next(each.id for each in book.read_forward() if isinstance(each, Report))
    step = FollowUpFields(about=here, next_step="Ring the OT", closes=False)
    book.append([step], "Maria", NOW + timedelta(hours=2))
    take_in(book, ana.path)
    (record,) = read_newest(book, lambda _: None)[0]
    assert (record.is_open, [each.text for each in record.steps]) == (True, ["Ring the OT"])


def forge(path: Path, claims: str) -> None:
    """Write a whole book whose only report claims to have come with the seal ``claims``."""
    forged = Logbook(path)
    origin = {
        "origin_id": "P3ZZ-0001",
        "origin_recorded_at": NOW.isoformat(),
        "origin_recorded_by": "Ana",
        "origin_seal": claims,
    }
    forged.append_made(lambda first: [(make_report(client="ZZ"), origin)], "Ana", NOW)


def test_a_forged_origin_keeps_no_real_report_out(run: Run, book: Logbook, tmp_path: Path) -> None:
    ana = Logbook(tmp_path / "ana.jsonl")
    ana.append([make_report()], "Ana", NOW)
    seal = (parse_object(ana.path.read_bytes().split(b"\n")[1]) or {})["seal"]
    forge(tmp_path / "forged.jsonl", seal)
    book.append([make_report(client="JS")], "Maria", NOW)
    assert run("import", str(tmp_path / "forged.jsonl")).code == 0
    taken = run("import", str(ana.path))
    assert (taken.code, len(taken.out.split())) == (0, 1), taken.err
    assert run("import", str(ana.path)).out == ""
    assert {row["client"] for row in run("list", "--json").rows} == {"JS", "ZZ", "MB"}


def give_out_twice(book: Logbook, folder: Path) -> tuple[str, Path]:
    """Return a number that ``book`` gave a report in the hall, and its copy one on the stairs."""
    book.append([make_report()], "Maria", NOW)
    copy = folder / "copy.jsonl"
    copy.write_bytes(book.path.read_bytes())
    (mine,) = book.append([make_report(location="HALL")], "Maria", NOW).ids
    (theirs,) = Logbook(copy).append([make_report(location="STAIRS")], "Maria", NOW).ids
    assert mine == theirs
    return mine, copy


def test_a_number_that_two_computers_gave_is_named_and_shown_with_both(
    run: Run, book: Logbook, tmp_path: Path
) -> None:
    mine, copy = give_out_twice(book, tmp_path)
    taken = run("import", str(copy))
    new = taken.out.strip()
    assert f"{mine} (here {new})" in taken.err
    shown = run("show", mine)
    assert ("HALL" in shown.out, "STAIRS" in shown.out) == (True, True), shown.out
    assert run("import", str(copy)).out == ""
    assert run("follow-up", mine, "--note", "Rang").code == 0
    assert "Rang" in run("show", mine).out


def test_a_number_that_was_erased_here_and_given_out_in_a_copy_finds_that_one(
    run: Run, book: Logbook, tmp_path: Path
) -> None:
    mine, copy = give_out_twice(book, tmp_path)
    assert run("erase", mine, "--reason", "Asked for", "--yes").code == 0
    taken = run("import", str(copy))
    new = taken.out.strip()
    assert f"{mine} was erased here. Another one, with that number too, is now {new}." in taken.err
    assert f"gave that number out too: nearmiss show {new}\n" in run("show", mine).err


def test_an_entry_changed_in_another_book_that_verifies_stays_out_of_ours(
    run: Run, book: Logbook, tmp_path: Path
) -> None:
    """Written anew as a whole it is another entry, and comes in beside the first."""
    ana = Logbook(tmp_path / "ana.jsonl")
    ana.append([make_report()], "Ana", NOW)
    book.append([make_report(client="JS")], "Maria", NOW)
    assert run("import", str(ana.path)).code == 0
    seal = None
    lines = []
    for line in ana.path.read_bytes().splitlines():
        entry = parse_object(line) or {}
        entry["location"] = "elsewhere" if "location" in entry else None
        entry = {name: value for name, value in entry.items() if value is not None}
        entry["digest"] = compute_digest(entry)
        entry["seal"] = seal = compute_seal(seal, entry["digest"])
        lines.append(encode_line(entry) + b"\n")
    ana.path.write_bytes(b"".join(lines))
    taken = run("import", str(ana.path))
    assert (taken.code, "Given out twice" in taken.err) == (0, True), taken.err


def test_the_words_of_a_clock_that_is_ahead_rule_alike_whenever_they_were_taken_in(
    run: Run, book: Logbook, tmp_path: Path
) -> None:
    ana, bob = Logbook(tmp_path / "ana.jsonl"), Logbook(tmp_path / "bob.jsonl")
    (report,) = ana.append([make_report()], "Ana", NOW).ids
    early = tmp_path / "early.jsonl"
    early.write_bytes(ana.path.read_bytes())
    closing = FollowUpFields(about=report, closes=True)
    ana.append([closing], "Ana", NOW + timedelta(days=400))
    states = []
    for which, has_seen in enumerate((False, True)):
        bob.path.unlink(missing_ok=True)
        take_in(bob, ana.path if has_seen else early, NOW + timedelta(minutes=1))
        here = next(each.id for each in bob.read_forward() if isinstance(each, Report))
        bob.append([FollowUpFields(about=here, closes=False)], "Bob", NOW + timedelta(minutes=2))
        for turn, (one, two) in enumerate([(ana, bob), (bob, ana)]):
            into = Logbook(tmp_path / f"into-{which}-{turn}.jsonl")
            take_in(into, one.path, NOW + timedelta(minutes=1))
            take_in(into, two.path, NOW + timedelta(minutes=3))
            states.append(tell_state(into)[0][0][2])
        if has_seen:
            states.append(tell_state(bob)[0][0][2])
    assert states == ["closed", "closed", "open", "open", "open"]
