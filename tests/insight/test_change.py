"""What came since a change: little books counted by hand, and many by a second counter."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from nearmiss.documents.brief import Pattern
from nearmiss.documents.reader import choose_rules
from nearmiss.insight.cases import CaseReader
from nearmiss.insight.telling import find, tell_marked
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import (
    ComparisonFields,
    Content,
    CorrectionFields,
    FollowUpFields,
    IncidentFields,
    ReportFields,
)
from nearmiss.records.find import Filters
from nearmiss.sharing.request import HandOver
from nearmiss.sharing.select import select_records
from tests.conftest import LONDON, make_report, moment
from tests.insight.counter import count_since

MARIA = "Maria, carer"
Changes = dict[str, str | bool | list[str]]
OPENED = datetime.fromisoformat("2025-01-01T08:00:00+00:00")


def make_event(kind: str, client: str, day: str, *, worry: bool = False) -> ReportFields:
    """Return a near miss or an incident at noon of a day."""
    miss = make_report(client=client, occurred_at=f"{day}T12:00:00+00:00", safeguarding=worry)
    if kind == "miss":
        return miss
    kept = miss.model_dump(exclude={"what_nearly_happened", "how_prevented"}, exclude_none=True)
    return IncidentFields.model_validate({**kept, "what_happened": "He fell.", "injury": "None."})


def read_patterns(book: Logbook, audience: str, client: str = "MB") -> tuple[Pattern, ...]:
    """Return the patterns as they reach a paper that covers the last days alone."""
    rules = choose_rules(audience)
    since = datetime.fromisoformat("2026-12-01T00:00:00+00:00")
    asked = HandOver("meeting", "pdf", rules, filters=Filters(client=client, since=since))
    return select_records(book, asked)[1].patterns


# ---- By hand ----
#
# A little book: "6 Jan" is a near miss about MB on that day of 2026; "6 Jan incident", "6 Jan KT"
# and "6 Jan worry" say what else it is. All that are marked with * are the same hazard. "= text,
# day" is a change, written about the report before it on 1 Mar; "/ different" compares the report
# before it with the first; "/ undone" takes the change before it back.
BY_HAND = {
    "the example of the contract": (
        "6 Jan * | 12 Jan * | 21 Jan * | = rug taken away, 21 Jan | 2 Feb | / different | 3 Mar | "
        "/ different | 4 Mar incident | / different | 5 Mar",
        "Rug taken away (21 Jan 2026). Before: 3 in 15 days, the first 6 Jan 2026, the last 21 "
        "Jan 2026. "
        "Since then: none marked in 312 days; 3 other reports and 1 incident about MB, 1 of "
        "these not yet compared with it; the last of the same kind: 5 Mar 2026.",
    ),
    "nothing was written since": (
        "6 Jan * | 12 Jan * | 21 Jan * | = rug taken away, 21 Jan | 1 Feb KT",
        "Rug taken away (21 Jan 2026). Before: 3 in 15 days, the first 6 Jan 2026, the last 21 "
        "Jan 2026. "
        "Since then: no report about MB to count in 312 days.",
    ),
    "it came again": (
        "6 Jan * | = rug taken away, 10 Jan | 12 Jan * | 21 Jan *",
        "Rug taken away (10 Jan 2026). Before: 1. Since then: 2 marked in 323 days.",
    ),
    "incidents are counted apart": (
        "6 Jan * | 7 Jan incident * | 8 Jan * | = rails put up, 9 Jan | 10 Jan incident * | "
        "11 Jan incident",
        "Rails put up (9 Jan 2026). Before: 2 near misses and 1 incident in 2 days, the first "
        "6 Jan 2026, the last 8 Jan 2026. Since then: 1 incident marked in 324 days; 1 other "
        "incident about MB, not yet compared "
        "with it; the last of the same kind: 11 Jan 2026.",
    ),
    "another of that very day may be before or after": (
        "6 Jan * | = lamp mended, 6 Jan | 6 Jan * | 9 Jan *",
        "Lamp mended (6 Jan 2026). Before: 1. On that day: 1 more. "
        "Since then: 1 marked in 327 days.",
    ),
    "the day of the change is not known": (
        "6 Jan * | 6 Jan * | 21 Jan * | = rug taken away | 2 Mar",
        "Rug taken away (written down 1 Mar 2026). Before: 3 in 15 days, the first 6 Jan 2026, "
        "the last 21 Jan 2026. Since then: none marked in 273 days; 1 other report about MB, not "
        "yet compared with it; the last of the same kind: 2 Mar 2026.",
    ),
    "it was undone": ("6 Jan * | 12 Jan * | 21 Jan * | = rug taken away, 21 Jan | / undone", ""),
    "the same words were taken back of another report": (
        "6 Jan * | = rug taken away, 7 Jan | 12 Jan * | 21 Jan * | 1 Feb | = Rug taken away., 5 Feb"
        " | / undone",
        "",
    ),
    "each change on its own": (
        "6 Jan * | = bulb changed, 7 Jan | 12 Jan * | 21 Jan * | = rug taken away, 22 Jan",
        "Bulb changed (7 Jan 2026). Before: 1. Since then: 2 marked in 326 days. "
        "Rug taken away (22 Jan 2026). Before: 3 in 15 days, the first 6 Jan 2026, the last 21 "
        "Jan 2026. "
        "Since then: no report about MB to count in 311 days.",
    ),
    "all on the day before it": (
        "6 Jan * | 6 Jan * | 6 Jan * | = gate locked, 28 Nov",
        "Gate locked (28 Nov 2026). Before: 3 on one day. "
        "Since then: no report about MB to count in 1 day.",
    ),
    "changed today": (
        "6 Jan * | 7 Jan * | 9 Jan * | 10 Jan | = unrelated, 11 Jan | 12 Jan * | "
        "= new chair, 29 Nov",
        "New chair (29 Nov 2026). Before: 4 in 6 days, the first 6 Jan 2026, the last 12 Jan 2026. "
        "Since then: not yet a day.",
    ),
}
COUNTED = datetime.fromisoformat("2026-11-29T18:00:00+00:00")
WRITTEN = datetime.fromisoformat("2026-03-01T18:00:00+00:00")


def write_little(book: Logbook, text: str) -> None:
    """Write a little book."""
    tied: list[str] = []
    newest = first = done = ""
    for line in text.split(" | "):
        day, *rest = line.split(", ") if line.startswith("=") else line.split(" ", 2)
        content: Content
        if day.startswith("="):
            on = read_day(rest[0]) if rest else None
            content = FollowUpFields(about=newest, changed=day[2:], changed_on=on)
        elif rest == ["different"]:
            content = ComparisonFields(about=newest, other=first, same_hazard=False)
        elif rest == ["undone"]:
            content = FollowUpFields(about=newest, undoes=done)
        else:
            marks = rest[-1]
            kind = "incident" if "incident" in marks else "miss"
            client = "KT" if "KT" in marks else "MB"
            content = make_event(kind, client, read_day(f"{day} {rest[0]}"), worry="worry" in marks)
        (done,) = book.append([content], MARIA, WRITTEN).ids
        if isinstance(content, ReportFields):
            newest, first = done, first or done
            tied += [done] if line.endswith("*") else []
    ties = [ComparisonFields(about=each, other=tied[0], same_hazard=True) for each in tied[1:]]
    book.append(ties, MARIA, WRITTEN)


def read_day(text: str) -> str:
    return datetime.strptime(f"{text} 2026", "%d %b %Y").date().isoformat()


@pytest.mark.parametrize("name", BY_HAND)
def test_a_little_book_is_told_as_it_was_counted_by_hand(book: Logbook, name: str) -> None:
    text, expected = BY_HAND[name]
    with moment(COUNTED, zone=LONDON):
        write_little(book, text)
        (pattern,) = read_patterns(book, "family")
        assert " ".join(pattern.since.values()) == expected
        reader = CaseReader(book, book.path.parent, print, print, COUNTED.date())
        found = find(reader, "MB", 90)
        assert tell_marked(found.confirmed[0], found.book, found.today).endswith(
            expected or "more than 90 days ago."
        )


def test_where_a_tied_report_is_hidden_nothing_is_said_of_the_change(book: Logbook) -> None:
    with moment(COUNTED, zone=LONDON):
        write_little(
            book, "1 Jan worry * | 6 Jan * | 9 Jan * | 20 Jan * | = rug taken away, 21 Jan"
        )
        (family,) = read_patterns(book, "family")
        (professional,) = read_patterns(book, "professional")
    assert family.since == {}
    (sentence,) = professional.since.values()
    assert sentence.startswith("Rug taken away (21 Jan 2026). Before: 4 in 19 days, the first")


def test_a_hidden_report_is_counted_for_nobody_who_may_not_see_it(book: Logbook) -> None:
    with moment(COUNTED, zone=LONDON):
        write_little(
            book, "1 Jan * | 6 Jan * | 9 Jan * | = rug taken away, 21 Jan | 3 Feb worry | 4 Feb"
        )
        (family,) = read_patterns(book, "family")
        (professional,) = read_patterns(book, "professional")
    assert "; 1 other report about MB, not yet compared with it;" in " ".join(family.since.values())
    assert "; 2 other reports about MB, not yet compared with it;" in " ".join(
        professional.since.values()
    )


# ---- By a second counter ----


class AnyBook:
    """A book in which anything may stand, a few entries at a time."""

    def __init__(self, book: Logbook, chance: random.Random) -> None:
        self._chance = chance
        self.now = OPENED
        self._reports: list[str] = []
        self._later: list[str] = []
        self._changes: list[tuple[str, str]] = []
        ids = book.append([make_event("miss", "MB", "2025-01-01")], MARIA, self.now).ids
        self._reports += ids
        self._tag, self._number = ids[0][:5], 1
        for _ in range(chance.randrange(2, 9)):
            self.now += timedelta(days=chance.choice((0, 1, 6, 30)), minutes=1)
            book.append([self._draw() for _ in range(chance.randrange(2, 7))], MARIA, self.now)

    def _draw(self) -> Content:
        self._number += 1
        written = f"{self._tag}{self._number:04d}"
        if len(self._reports) < 3 or self._chance.random() < 0.35:
            self._reports.append(written)
            kind = self._chance.choice(("miss", "miss", "incident"))
            client, worry = self._chance.choice("MMK"), self._chance.random() < 0.12
            return make_event(kind, {"M": "MB", "K": "KT"}[client], self._draw_day(12), worry=worry)
        content = self._chance.choices(list(self._list_choices()), (12, 5, 1, 1, 1, 1))[0]
        self._later.append(written)
        if isinstance(content, FollowUpFields) and content.changed:
            self._changes.append((content.about, written))
        return content

    def _draw_day(self, back: int) -> str:
        return (self.now.date() - timedelta(days=self._chance.randrange(back))).isoformat()

    def _list_choices(self) -> Iterator[Content]:
        chance = self._chance
        about, other = chance.sample(self._reports, 2)
        yield ComparisonFields(about=about, other=other, same_hazard=chance.random() < 0.7)
        on = self._draw_day(60) if chance.random() < 0.7 else None
        text = chance.choice(("rug gone", "a lamp"))
        yield FollowUpFields(about=about, changed=text, changed_on=on)
        report, change = chance.choice(self._changes or [(about, "")])
        yield FollowUpFields(about=report, undoes=change or None, note="Seen again.")
        corrections: list[Changes] = [
            {"occurred_at": f"{self._draw_day(90)}T12:00:00+00:00"},
            {"client": chance.choice(("MB", "KT"))},
            {"safeguarding": chance.random() < 0.5},
        ]
        changes = chance.choice(corrections)
        yield CorrectionFields(about=about, changes=changes, reason="x")
        moved: Changes = {"changed_on": self._draw_day(90)} if change else changes
        yield CorrectionFields(about=change or about, changes=moved, reason="x")
        gone = chance.choice(self._later or self._reports)
        yield CorrectionFields(about=gone, withdraws=True, reason="x")


def test_it_is_what_a_second_counter_counts_in_many_books(tmp_path: Path) -> None:
    told = silent = 0
    for number in range(80):
        book = Logbook(tmp_path / f"{number}.jsonl")
        chance = random.Random(number)
        now = AnyBook(book, chance).now + timedelta(days=chance.choice((0, 0, 5, 200)))
        with moment(now, zone=LONDON):
            # Each book as its carer sees it; each fourth as everybody does.
            for reader in ("own", "professional", "family") if number % 4 == 0 else ("own",):
                ours = {
                    tuple(sorted(each.ids)): list(each.since.values())
                    for client in ("MB", "KT")
                    for each in read_patterns(book, reader, client)
                }
                theirs = count_since(book.path, reader, now.date())
                assert ours == theirs, f"book {number}, {reader}"
                told += sum(map(len, ours.values()))
                silent += sum(not each for each in ours.values())
            if number % 4:
                continue
            screen = CaseReader(book, tmp_path, print, print, now.date())
            found = find(screen, None, 90)
            shown = count_since(book.path, "own", now.date())
            for marked in found.confirmed:
                sentence = tell_marked(marked, found.book, found.today)
                assert sentence.endswith(" ".join(shown[tuple(sorted(marked.ids))]))
    assert told > 50  # the books hold something to count
    assert silent > 15
