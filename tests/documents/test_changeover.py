"""The page for the next carer: whole on one page, of what is new, and never of a concern."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import ComparisonFields, Content, CorrectionFields, FollowUpFields
from nearmiss.records import words
from tests.cases import over
from tests.conftest import LONDON, Run, make_report, moment
from tests.documents.pages import count_beyond, read_inside, read_pages, read_text
from tests.insight.test_change import make_event

TODAY = datetime.fromisoformat("2026-11-24T09:00:00+00:00")
MARIA = "Maria Silva, carer"
IN_FORCE = "In force now (only changes written down as such)"
MAKE = ("print", "--changeover", "--client", "MB")


@pytest.fixture(autouse=True)
def today():  # type: ignore[no-untyped-def]
    with moment(TODAY, zone=LONDON):
        yield


def say_day(back: int) -> str:
    return (TODAY - timedelta(days=back)).date().isoformat()


def add(book: Logbook, *contents: Content, back: int = 0) -> list[str]:
    return list(book.append(list(contents), MARIA, TODAY - timedelta(days=back, hours=-1)).ids)


def write(book: Logbook, what: str, back: int, **given: Any) -> str:
    moment = f"{say_day(back)}T08:00:00+00:00"
    given = {"what_nearly_happened": what, "occurred_at": moment, **given}
    return add(book, make_report(**given), back=back)[0]


def read(run: Run, *more: str) -> str:
    lines = run(*MAKE, "--format", "txt", "-o", "-", *more).out.split()
    return " ".join(each for each in lines if set(each) - {"-", "="} or each == "-")


def test_it_tells_what_is_new_what_holds_and_what_is_to_do(run: Run, book: Logbook) -> None:
    run("setup", "--name", "Maria Silva", "--role", "carer", "--phone", "01632 960123")
    old = [write(book, f"OLD {n}", 100 + n) for n in range(3)]
    add(
        book,
        FollowUpFields(about=old[0], changed="rug taken away", changed_on=say_day(95)),
        FollowUpFields(about=old[1], next_step="LATE rails", next_who="me", next_due=say_day(2)),
        FollowUpFields(about=old[1], next_step="SOON chart", next_due=say_day(-14)),
        FollowUpFields(about=old[1], next_step="FAR ramp", next_due=say_day(-15)),
        FollowUpFields(about=old[2], next_step="OPEN end", next_who="daughter (Sue)"),
        FollowUpFields(about=old[1], note="CLOSING words", closes=True),
        ComparisonFields(about=old[0], other=old[1], same_hazard=True),
        ComparisonFields(about=old[0], other=old[2], same_hazard=True, hazard="the armchair"),
        back=60,
    )
    undone = add(book, FollowUpFields(about=old[2], changed="GONE mat"), back=50)[0]
    add(book, FollowUpFields(about=old[2], undoes=undone), back=40)
    write(book, "NEW slip. (", 3)
    add(book, make_event("incident", "MB", say_day(9)))
    (harm,) = add(book, FollowUpFields(about=old[0], harm_found="BRUISE", harm_on=say_day(5)))
    add(book, FollowUpFields(about=old[0], informed=["GP (Oakley)"], told_of=[harm]))
    text = read(run)
    order = (
        "For the carer who comes next: MB From Maria Silva, carer, 24 Nov 2026, new since 10 Nov",
        "What nearly happened since 10 Nov 2026 - Harm found later, seen Thu 19 Nov 2026, "
        f"written down Tue 24 Nov 2026, about {old[0]}: BRUISE. Told of it: GP.",
        "Incident, Sun 15 Nov 2026, 12:00, lounge, by the armchair: He fell. Hurt: None. "
        "Told of it: nobody yet, as written.",
        "Sat 21 Nov 2026, 08:00, lounge, by the armchair: "
        "NEW slip. (. How it was prevented: I held his elbow. Immediate action taken: Asked about "
        "pain: none. Moved the rug. Nobody told yet, as written. (",
        "Watch for - The armchair (lounge, by the armchair): 3 near misses",
        "Rug taken away (21 Aug 2026). Before: 3 in 2 days, the first 14 Aug 2026, the last "
        "16 Aug 2026. Since then: none marked in 95 days; "
        "1 other report and 1 incident about MB, not yet compared with it; "
        "the last of the same kind: 21 Nov 2026.",
        f"{IN_FORCE} - Rug taken away (21 Aug 2026) ({old[0]})",
        "LATE rails (the carer who wrote this), by 22 Nov 2026: overdue "
        f"({old[1]}, which is closed)",
        "SOON chart, by 8 Dec 2026",
        f"FAR ramp, by 9 Dec 2026 ({old[1]}, which is closed)",
        f"OPEN end (daughter) ({old[2]})",
        "Usual for MB",
        "This page is not everything. Before your first visit, ring Maria Silva, 01632 960123.",
        "Seal",
    )
    places = [text.find(each) for each in order]
    assert -1 not in places, (order[places.index(-1)], text)
    assert places == sorted(places)
    assert "No longer so - GONE mat" in text
    for absent in ("CLOSING", "Sue"):
        assert absent not in text
    assert "Still open from before 10 Nov 2026 - 16 Aug 2026, lounge" in text
    assert "OLD 0" in text
    assert "OLD 1" not in text  # it is closed


def write_worries(book: Logbook) -> list[str]:
    """Write what names a concern in all ways in which a page could come to hold it."""
    worry = write(book, "ZULU money gone", 3, safeguarding=True, concern_informed=["Zara, council"])
    add(
        book,
        FollowUpFields(about=worry, changed="ZULU lock changed"),
        FollowUpFields(about=worry, harm_found="ZULU bruise"),
        FollowUpFields(about=worry, next_step="ZULU ring", next_due=say_day(1)),
    )
    said = write(book, "ZULU told the safeguarding team again", 4)
    number = int(worry[5:])
    add(
        book,
        FollowUpFields(about=said, changed=f"ZULU as agreed for report {number}"),
        FollowUpFields(about=said, harm_found="ZULU signs of neglect"),
        FollowUpFields(about=said, next_step="ZULU adult social care rings", next_due=say_day(1)),
        FollowUpFields(about=said, changed="a second rail", note="ZULU abuse"),
    )
    was = write(book, "Slipped", 5, safeguarding=True, concern_informed=["Zulu, council"])
    add(book, CorrectionFields(about=was, changes={"safeguarding": False}, reason="ZULU wrong"))
    three = [worry, said, was]
    add(
        book,
        *(ComparisonFields(about=each, other=was, same_hazard=True) for each in three[:2]),
        ComparisonFields(about=said, other=was, same_hazard=True, hazard="ZULU"),
    )
    return three


def test_no_concern_stands_on_it_in_any_words(run: Run, book: Logbook) -> None:
    worry, said, _ = write_worries(book)
    for form in ("pdf", "html", "txt"):
        made = run(*MAKE, "--format", form, "-o", "-")
        inside = read_inside(made.data) if form == "pdf" else made.data
        for hidden in (
            b"zulu",
            b"safeguard",
            b"concern",
            b"neglect",
            b"abuse",
            worry.lower().encode(),
        ):
            assert hidden not in inside.lower(), (form, hidden)
        assert f"{worry} is not on it. Ask adult social care what the next carer may be told." in (
            made.err
        )
        assert f"What {said} says of a worry is not on it either." in made.err
    text = read(run)
    assert "A second rail" in text
    assert "Slipped" in text


def test_what_is_said_where_nothing_shows_is_true_whatever_is_hidden(
    run: Run, book: Logbook
) -> None:
    write(book, "Slipped", 40)
    write(book, "ZULU", 2, safeguarding=True)
    text = read(run)
    assert "No report on this page is newer than 15 Oct 2026. There may be others." in text
    assert "Nothing" not in text


def test_what_there_is_no_room_for_is_named_and_harm_nobody_heard_of_comes_first(
    run: Run, book: Logbook
) -> None:
    talk = "He stood there and looked about the room, and then he went on. "
    for n in range(12):
        write(book, f"Insulin {n} taken twice. {talk * 3}", 20 + n, location="kitchen, by the tin")
    old = write(book, "Slid off the bed.", 500)
    bruise = FollowUpFields(about=old, harm_found="BRUISE on her hip", harm_on=say_day(499))
    add(book, bruise, back=480)
    add(book, FollowUpFields(about=old, tried=["GP surgery"]), back=470)
    add(book, FollowUpFields(about=old, next_step="Ring the OT", next_due=say_day(3)))
    choked = write(book, "He choked on toast.", 2, how_prevented="Two back slaps.")
    page = " ".join(" ".join(read_pages(run(*MAKE, "--large-print", "-o", "-").data)).split())
    assert "Two back slaps. Immediate action taken: Asked about pain: none." in page
    told = "Told of it: nobody yet, as written. Not reached yet: GP surgery"
    assert re.search(rf"Watch for • {words.HARM}, seen [^:]*: BRUISE on her hip. {told}", page)
    assert re.search(r"• also: .*kitchen \(\d{4}\), kitchen \(\d{4}\).*: ask root", page)
    assert "Ring the OT" in page
    assert page.index(choked) < page.index("BRUISE")


def test_named_hazards_come_first_and_it_says_whom_to_ask(run: Run, book: Logbook) -> None:
    run("setup", "--name", "Maria Silva", "--phone", "01632 960123")
    ids = [write(book, f"He slid {n}. And more.", n, location=f"room {n}") for n in range(6)]
    ids += [write(book, "He stood up and slid, near the wall. " * 20, 13) for _ in range(30)]
    for at, name in ((0, ""), (3, "the armchair")):
        same = [ComparisonFields(about=ids[at], other=each, same_hazard=True, hazard=name or None)
                for each in ids[at + 1 : at + 3]]  # fmt: skip
        add(book, *same)
    page = " ".join(" ".join(read_pages(run(*MAKE, "-o", "-").data)).split())
    watch = page.partition("Watch for")[2].partition("What nearly happened")[0]
    assert "The armchair (" in watch
    assert watch.index("The armchair (") < watch.index("Marked as alike by the carer: He slid 0")
    assert "ask Maria" in page


def test_a_hazard_without_a_name_stands_in_words_and_a_danger_with_what_was_done(
    run: Run, book: Logbook
) -> None:
    rolled = [write(book, f"Commode rolled back {n}.", 30 + n) for n in range(3)]
    add(
        book,
        *(ComparisonFields(about=rolled[0], other=each, same_hazard=True) for each in rolled[1:]),
    )
    write(book, "Smoke alarm without a battery.", 20, immediate_action="Put one in.")
    watch = read(run).partition("Watch for - ")[2]
    said = "Marked as alike by the carer: Commode rolled back 0 (lounge, by the armchair): 3 near"
    assert watch.startswith(said)
    assert "Smoke alarm without a battery. Put one in." in watch


def test_where_all_that_there_is_is_hidden_nothing_is_made(run: Run, book: Logbook) -> None:
    worry = write(book, "ZULU", 2, safeguarding=True)
    made = run(*MAKE, "-o", "-")
    assert (made.code, made.out) == (1, "")
    assert f"{worry} is not on it. Ask adult social care" in made.err


@pytest.mark.parametrize("large", [(), ("--large-print",)])
@pytest.mark.parametrize("many", [1, 60])
def test_it_is_one_page_whatever_the_book_holds(
    run: Run, book: Logbook, many: int, large: tuple[str, ...]
) -> None:
    run("setup", "--name", "M" * 40 + " Silva", "--phone", "01632 960123")
    text = "He stood up and slid, and held on to whatever was near. " * (60 // many + 2)
    for n in range(many):
        one = write(book, text, n % 13, location="the landing by the airing cupboard, " * 3)
        incident = make_event("incident", "MB", say_day(n % 13))
        long = {"what_happened": text, "injury": text}
        add(
            book,
            incident.model_copy(update=long),
            FollowUpFields(about=one, harm_found=text),
            FollowUpFields(about=one, changed="A rail put up on the left of the stairs " * 4),
            FollowUpFields(about=one, next_step="Ring about it " * 13, next_due=say_day(n % 20)),
        )
    ids = [f"{one[:5]}{number:04d}" for number in range(1, 5 * many, 5)]
    for n in range(0, many - 2, 3):
        same = [ComparisonFields(about=ids[n], other=each, same_hazard=True, hazard="fell " * 15)
                for each in ids[n + 1 : n + 3]]  # fmt: skip
        add(book, *same)
    made = run(*MAKE, *large, "-o", "-")
    (page,) = read_pages(made.data)
    assert count_beyond(made.data) == 0
    shown = " ".join(page.split())
    for part in ("What nearly happened since", "In force now", "To do"):
        assert part in shown
    assert "ask" in shown or many == 1
    assert "This page is not everything." in shown
    # What stands there stands whole: no text ends in the middle of a sentence.
    assert "…" not in shown.replace("alike by the carer", "")


def test_it_goes_back_to_the_last_one_that_was_handed_over(run: Run, book: Logbook) -> None:
    write(book, "BEFORE", 40)
    hand = ("--to", "Ana", "--basis", "direct_care", "--decided-by", "Maria", "-o", "-")
    with moment(TODAY - timedelta(days=30), zone=LONDON):
        run(*MAKE, "--format", "txt", *hand)
    add(book, make_report(what_nearly_happened="LATE", occurred_at=f"{say_day(35)}T08:00:00Z"))
    write(book, "BETWEEN", 20)
    text = read(run)
    assert "since 25 Oct 2026" in text
    assert "BETWEEN" in text
    assert "LATE" in text  # it happened before, and was not in the book yet
    assert "BEFORE" in text.partition("Still open from before 25 Oct 2026")[2]
    assert "BEFORE" in read(run, "--since", "60 days")
    noted = json.loads(book.path.read_bytes().split(b"\n")[2])
    assert noted["form"] == "changeover, txt"
    run("correct", noted["id"], "--withdraw", "--reason", "Not given")
    assert "since 10 Nov 2026" in read(run)


def test_it_tells_the_harm_of_a_year_and_what_is_undone_before_its_days(
    run: Run, book: Logbook
) -> None:
    incident = make_event("incident", "MB", say_day(200)).model_copy(
        update={"what_happened": "He choked on toast.", "injury": "Blows freed it."}
    )
    add(book, make_event("incident", "MB", say_day(400)), back=400)
    (choked,) = add(book, incident, back=200)
    plan = {"care_plan": "soft food", "care_plan_status": "changed"}
    add(book, FollowUpFields(about=choked, **plan, closes=True), back=190)  # type: ignore[arg-type]
    shut = write(book, "SHUT door", 69, recommendations=["CLOSED idea"])
    add(book, FollowUpFields(about=shut, closes=True), back=60)
    ideas = ["LOOK at the clips", "ring about the neglect", "A step. "]
    left = write(book, "Feet did not follow. MORE", 40, recommendations=ideas)
    add(book, FollowUpFields(about=left, next_step="A step"), back=35)
    add(book, FollowUpFields(about=left, care_plan="ZULU", care_plan_status="asked"), back=30)
    write(book, "NEW slip", 3, how_prevented="HELD him", immediate_action="SAT him down")
    text, done = read(run), "Asked about pain: none. Moved the rug."
    order = (
        "Watch for - Incident, Fri 8 May 2026",
        f"He choked on toast. Hurt: Blows freed it. ({choked})",
        f"soft food, after the incident of 8 May 2026 ({choked})",
        "NEW slip. How it was prevented: HELD him. Immediate action taken: SAT him down. Nobody",
        f"To do - A step ({left}) - Care plan review asked for (noted 25 Oct 2026): no answer",
        "Still open from before 10 Nov 2026 - 15 Oct 2026, lounge, by the armchair: "
        f"Feet did not follow. MORE. {done} ({left[5:]})",
        "Closed, of the last 90 days - 16 Sep 2026, lounge, by the armchair: "
        f"SHUT door. {done} ({shut[5:]})",
    )
    places = [text.find(each) for each in order]
    assert -1 not in places, (order[places.index(-1)], text)
    assert places == sorted(places)
    assert text.count("Incident, ") == 1
    assert text.count("A step") == 1
    assert not re.search("CLOSED|LOOK|neglect", text)  # what is suggested is agreed by nobody


@pytest.mark.parametrize("large", [(), ("--large-print",)])
def test_what_can_kill_comes_first_in_few_words_however_full_the_book(
    run: Run, book: Logbook, large: tuple[str, ...]
) -> None:
    def hurt(what: str, back: int) -> str:
        told = {"what_happened": what, "injury": "Her knee was sore. " * 9}
        event = make_event("incident", "MB", say_day(back)).model_copy(update=told)
        return add(book, event, back=back)[0]

    hurt("Tap left running.", 20)
    choked = hurt("Had it dry. Choked on toast. MORE", 150)
    write(book, "All four rings of the hob were on. MORE", 250)
    write(book, "The oxygen tube lay round his foot. MORE", 3)
    for n in range(30):
        hurt(f"Bump {n}. {'He stood there and looked about the room. ' * 4}", 30 + n)
        write(book, f"Slip {n}. {'He stood there and looked about the room. ' * 4}", 40 + n)
    plan = {"care_plan": "two carers for every transfer", "care_plan_status": "changed"}
    add(book, FollowUpFields(about=choked, **plan), back=140)  # type: ignore[arg-type]
    other = write(book, "Slip", 140)
    add(book, FollowUpFields(about=other, care_plan_status="declined"), back=130)
    made = run(*MAKE, *large, "-o", "-")
    page = " ".join(" ".join(read_pages(made.data)).split())
    order = ["oxygen tube", "Had it dry. Choked on toast. (ask about", "rings of the hob"]
    order += [] if large else ["Tap left running."]
    places = [page.find(each) for each in order]
    assert -1 not in places, page
    assert places == sorted(places)
    assert "two carers for every transfer" in page


@over(
    "more",
    [
        ("--for", "family"),
        ("--include-safeguarding",),
        ("--until", "today"),
        ("--find", "rug"),
        ("last",),
        ("--request", "a visit"),
        ("--meeting",),
    ],
)
def test_what_would_make_it_selective_is_refused(
    run: Run, book: Logbook, more: tuple[str, ...]
) -> None:
    write(book, "Slipped", 2)
    made = run(*MAKE, *more, "-o", "-")
    assert (made.code, made.out) == (2, ""), more
    assert "Nothing was made." in made.err


def test_who_was_not_reached_about_an_incident_is_named_by_the_part_they_play(
    run: Run, book: Logbook
) -> None:
    fell = make_event("incident", "MB", say_day(2))
    told = {"informed": ["111, phone"], "tried": ["daughter (Sue), no answer"]}
    add(book, fell.model_copy(update=told))
    assert "Told of it: 111. Not reached yet: daughter. (" in read(run)


def test_names_go_as_on_a_familys_paper(run: Run, book: Logbook) -> None:
    about = write(book, "Slipped", 2, informed=["daughter (Sue), phone"])
    step = FollowUpFields(
        about=about, next_step="Ring", next_who="daughter (Sue)", next_due=say_day(-3)
    )
    add(book, step)
    made = read_text(run(*MAKE, "-o", "-").data)
    assert "Ring (daughter), by 27 Nov 2026" in made
    assert "Sue" not in made


def test_a_care_plan_that_was_changed_is_in_force_and_one_declined_is_not(
    run: Run, book: Logbook
) -> None:
    old = [write(book, f"OLD {n}", 100 + n) for n in range(2)]
    plan = {"care_plan": "no mat in bathroom now", "care_plan_status": "changed"}
    add(book, *(FollowUpFields(about=each, **plan) for each in old), back=60)  # type: ignore[arg-type]
    refused = FollowUpFields(about=old[1], care_plan_status="declined")
    add(book, refused, back=70)
    now = f"{IN_FORCE} - Care plan changed, noted 25 Sep 2026: no mat in bathroom now"
    said = f"{now}, after {old[0]}: OLD 0."
    text = read(run)
    assert said in text
    assert f"({old[1]})" not in text.partition("Still open")[0]


def test_what_was_changed_and_no_longer_holds_is_told_as_that(run: Run, book: Logbook) -> None:
    dark = write(book, "Nearly missed the stair", 60)
    worry = write(book, "Money gone", 30, safeguarding=True)
    changes = [
        FollowUpFields(about=about, changed=text, changed_on=say_day(50))
        for about, text in ((dark, "Night light on the landing"), (worry, "lock changed"))
    ]
    ids = add(book, *changes, back=50)
    ends = [FollowUpFields(about=dark, undoes=ids[0], changed_on=say_day(20))]
    add(book, *ends, FollowUpFields(about=worry, undoes=ids[1]), back=5)
    text = read(run)
    assert "No longer so - Night light on the landing (Mon 5 Oct 2026; no longer so" in text
    assert "In force now" not in text
    assert "ock changed" not in text
