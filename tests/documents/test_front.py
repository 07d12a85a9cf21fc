"""Page one: what it tells of which report, what it gives up to fit, and that it cuts nothing."""

import io
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pikepdf

from nearmiss.documents.blocks import Document
from nearmiss.documents.front import tell_patterns, tell_people
from nearmiss.documents.handover import build_handover
from nearmiss.documents.html import render_html
from nearmiss.documents.meeting import build_meeting
from nearmiss.documents.pdf import render_pdf
from nearmiss.documents.reader import choose_rules
from nearmiss.documents.report import build_report
from nearmiss.documents.sentences import take_danger, take_whole
from nearmiss.documents.txt import render_text
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import (
    ComparisonFields,
    CorrectionFields,
    FollowUpFields,
    IncidentFields,
    NearMissFields,
    ReportFields,
)
from nearmiss.records.informed import tell_told_of
from nearmiss.records.record import Record
from tests.cases import over
from tests.conftest import NOW, make_report, read_samples
from tests.documents.pages import read_pages, set_once
from tests.exports.reading import make_brief, show_all
from tests.records.rich import MARIA, read_rich_book

BUILDERS = {"handover": build_handover, "meeting": build_meeting}
EACH = [(kind, large) for kind in BUILDERS for large in (False, True)]
TALE = "found when she was in the shower with me there to dry the floor"


def write(book: Logbook, *contents: Any) -> list[str]:
    return list(book.append(list(contents), MARIA, NOW).ids)


def hurt(**changes: Any) -> IncidentFields:
    fields = make_report(**changes).model_dump(exclude_none=True)
    what, injury = fields.pop("what_nearly_happened"), fields.pop("how_prevented")
    return IncidentFields.model_validate({**fields, "what_happened": what, "injury": injury})


def build(book: Logbook, kind: str, *, reader: str = "professional", **given: Any) -> Document:
    rules = choose_rules(reader, include_safeguarding=True)
    records, patterns = show_all(*read_rich_book(book), rules)
    return BUILDERS[kind](records, make_brief(rules, patterns=patterns, **given))


def read(document: Document) -> list[str]:
    return [" ".join(page.split()) for page in read_pages(set_once(document))]


def write_nasty_book(book: Logbook, number: int = 30) -> list[str]:
    """Write a book in which there is much of every kind to tell."""
    first = datetime.fromisoformat("2026-08-26T09:00:00+00:00")
    made: list[ReportFields] = []
    for n in range(number):
        answers = {
            "occurred_at": (first + timedelta(days=2 * n)).isoformat(timespec="seconds"),
            "what_nearly_happened": f"Tale {n}: he jumps at her knees each time she gets up. " * 3,
            "how_prevented": f"Injury {n}: her wrist was swollen by the evening.",
            "safeguarding": n % 3 == 1,
            "informed": [f"GP surgery (Dr {n})"] if n % 2 else [],
            "recommendations": [f"Idea {n} about the chair in the lounge"],
        }
        made.append((hurt if n % 3 == 0 else make_report)(**answers))
    ids = write(book, *made)
    for n, each in enumerate(ids):
        if n % 3 == 2:
            write(book, FollowUpFields(about=each, harm_found=f"Harm {n}, {TALE}. " * 4))
        if n % 4 == 1:
            write(book, FollowUpFields(about=each, changed=f"Change {n} of the lounge"))
    for n in range(3):
        tied = ids[n * 6 : n * 6 + 4]
        ties = [
            ComparisonFields(about=tied[0], other=each, same_hazard=True, hazard=f"hazard {n}")
            for each in tied[1:]
        ]
        write(book, *ties)
    return ids


@over(("kind", "large"), EACH)
def test_page_one_keeps_patterns_and_changes_and_cuts_no_sentence(
    book: Logbook, kind: str, large: bool
) -> None:
    if not book.path.exists():
        write_nasty_book(book)
    data = set_once(build(book, kind, large=large, phone="07700 900123"))
    pages = [" ".join(page.split()) for page in read_pages(data)]
    first = pages[0]
    assert [n for n in range(3) if f"azard {n} (" not in first] == []
    assert "Change 29" in first
    first = re.sub(r"Harm \d+ …", "", first)  # what tells it from others
    assert "…" not in first
    for word, text in (("Harm", f", {TALE}."), ("Tale", ": he jumps at her knees each time")):
        for found in re.finditer(rf"{word} \d+", first):
            assert first[found.end() :].startswith(text)
    pointers = [int(page) for page in re.findall(r"on page (\d+)", first)]
    assert pointers
    assert max(pointers) <= len(pages)
    for day, page in re.findall(r"(\d+ [A-Z][a-z]{2} 2026) \(on page (\d+)\)", first):
        assert day in pages[int(page) - 1]
    letters = 18 if large else 12
    assert min(read_sizes(data)) >= letters - 1
    assert letters in read_sizes(data)


def read_sizes(data: bytes) -> set[float]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        page = pdf.pages[0]
        page.contents_coalesce()
        return set(map(float, re.findall(rb"([\d.]+) Tf", page.Contents.read_bytes())))


@over("kind", BUILDERS)
def test_four_of_each_kind_are_named_on_page_one_in_large_letters(book: Logbook, kind: str) -> None:
    if not book.path.exists():
        day = "2026-{:02d}-10T09:00:00+00:00"
        worry = {"safeguarding": True, "informed": ["daughter (Sue)"]}
        made: list[ReportFields] = [hurt(occurred_at=day.format(n + 1)) for n in range(4)]
        made += [make_report(occurred_at=day.format(n + 5), **worry) for n in range(3)]
        made += [make_report(occurred_at=day.format(n + 8)) for n in range(4)]
        ids = write(book, *(each.model_copy(update={"location": "the hall"}) for each in made))
        for n, each in enumerate(ids[:4]):
            harm = FollowUpFields(
                about=each, harm_found=f"{TALE}. " * 9, harm_on=f"2026-{n + 1:02d}-20"
            )
            write(book, harm, FollowUpFields(about=each, changed=f"Rug {n} taken away"))
        for n in (0, 4, 7):
            same = ComparisonFields(
                about=ids[n], other=ids[n], same_hazard=True, hazard=f"chair {n}"
            )
            write(book, *(same.model_copy(update={"other": each}) for each in ids[n + 1 : n + 3]))
    data = set_once(build(book, kind, large=True))
    first = " ".join(read_pages(data)[0].split())
    days = [f"{day} {month} 2026" for day in (10, 20) for month in ("Jan", "Feb", "Mar", "Apr")]
    days += [f"10 {month} 2026" for month in ("May", "Jun", "Jul")]
    assert [each for each in days if not re.search(rf"{each}[^(]* \(on page", first)] == []
    assert "Rug 3 taken away" in first
    assert 18 in read_sizes(data)


def test_an_incident_comes_first_with_its_injury_and_who_was_told_of_it(book: Logbook) -> None:
    told = ["daughter (Sue), phone"]
    write(book, make_report(), hurt(what_nearly_happened="FELL.", informed=told))
    for kind, who in (("handover", "daughter (Sue), phone"), ("meeting", "daughter")):
        reader = "professional" if kind == "handover" else "family"
        first = read(build(book, kind, reader=reader))[0]
        at = first.index("Injury and help: I held his elbow.")
        assert first.index("FELL.") < first.index("near miss") or kind == "handover"
        assert first[at:].startswith(f"Injury and help: I held his elbow. Told of it: {who}")
        assert at < first.index("1 near miss")


def test_who_was_not_reached_at_first_and_was_told_later_is_told_as_that(book: Logbook) -> None:
    [about] = write(book, hurt(what_nearly_happened="FELL.", informed=[], tried=["gp no answer"]))
    later = FollowUpFields(about=about, informed=["GP (Oakley), phone"], told_of=["event"])
    book.append([later], MARIA, NOW + timedelta(days=1))
    [other] = write(book, hurt(what_nearly_happened="SLID.", informed=[], tried=["nurse, engaged"]))
    first = read(build(book, "handover"))[0]
    assert re.search(r"Not reached at first: gp no answer[^;.]*; told later, 15 Apr 2026", first), (
        first
    )
    assert not re.search(r"at first: [^.]*engaged", first), other


def test_no_paper_says_of_one_who_was_told_later_that_she_was_not_reached(book: Logbook) -> None:
    [about] = write(book, make_report(informed=[], tried=["I ring the daughter, she not answer"]))
    later = FollowUpFields(about=about, informed=["daughter rang back, she know now"])
    book.append([later], MARIA, NOW + timedelta(days=1))
    for kind, reader in (("handover", "professional"), ("meeting", "family")):
        text = " ".join(read(build(book, kind, reader=reader)))
        assert text.count("Not reached") == 1
        assert re.search(r"Not reached at first: [^:]*; told later", text), kind


def test_who_was_told_later_of_the_event_alone_was_not_reached_about_the_concern(
    book: Logbook,
) -> None:
    report = make_report(safeguarding=True, informed=[], tried=["GP (Oakley), no answer"])
    [about] = write(book, report)
    later = FollowUpFields(about=about, informed=["GP (Oakley), phone"], told_of=["event"])
    book.append([later], MARIA, NOW + timedelta(days=1))
    for reader in ("professional", "family"):
        rules = choose_rules(reader, include_safeguarding=True)
        [record], _ = show_all(*read_rich_book(book), rules)
        assert "told later" not in tell_told_of(record, "concern"), reader
        assert "not reached: GP" in tell_people(record, "concern")[1], reader
        assert "not reached" not in tell_people(record, "event")[1], reader


def test_of_harm_too_one_who_was_told_later_is_not_told_as_not_reached(book: Logbook) -> None:
    [about] = write(book, make_report())
    tried = ["gp no answer", "nurse, engaged"]
    [harm] = write(book, FollowUpFields(about=about, harm_found="A bruise", tried=tried))

    def tell() -> list[str]:
        said = []
        for rules in map(choose_rules, ("professional", "family")):
            [record] = show_all(*read_rich_book(book), rules)[0]
            said += [tell_people(record, harm)[1], tell_told_of(record, harm)]
        return said

    for told_of in ("event", harm):
        assert ["(not reached: gp" in each.lower() for each in tell()] == [True, False] * 2
        assert not any("told later" in each for each in tell())
        told = FollowUpFields(about=about, informed=["GP (Oakley), phone"], told_of=[told_of])
        book.append([told], MARIA, NOW + timedelta(days=1))
    short, whole = tell()[::2], tell()[1::2]
    assert not any("GP" in each.partition("not reached: ")[2] for each in short)
    assert all("not reached: nurse" in each for each in short)
    for each in whole:
        later, yet = (each.partition(f"Not reached {when}: ")[2] for when in ("at first", "yet"))
        assert re.match(r"GP[^;]*; told later", later, re.I), each
        assert re.match(r"nurse[^;:]*", yet, re.I), each


def test_a_hazard_says_in_few_words_too_what_was_changed_and_how_often_it_came_since(
    book: Logbook,
) -> None:
    days = [f"2026-0{month}-02T10:00:00+00:00" for month in (1, 2, 3, 4)]
    ids = write(book, *(make_report(occurred_at=each) for each in days))
    for other in ids[1:]:
        write(book, ComparisonFields(about=ids[0], other=other, same_hazard=True))
    write(book, FollowUpFields(about=ids[2], changed="Runner taken up", changed_on="2026-03-05"))
    records, patterns = show_all(*read_rich_book(book), choose_rules("family"))
    [hazard] = tell_patterns(patterns, records).things
    least, longer, _ = (str(way) for _, way in hazard.ways)
    assert "changed 5 Mar 2026, 1 marked since" in least
    assert longer.endswith("Runner taken up (5 Mar 2026), 1 marked since")
    # Also of what came since, but is not on this paper.
    [hazard] = tell_patterns(patterns, records[:3]).things
    assert "changed 5 Mar 2026, 1 marked since" in str(hazard.ways[0][1])


def test_told_belongs_to_what_it_was_told_of(book: Logbook) -> None:
    [about] = write(book, make_report(safeguarding=True, informed=["GP (Oakley), phone"]))
    [harm] = write(book, FollowUpFields(about=about, harm_found="BRUISE", harm_on="2026-04-14"))
    write(book, FollowUpFields(about=about, tried=["pharmacist, engaged"]))
    first = read(build(book, "handover"))[0]
    days = "seen and written down Tue 14 Apr 2026"
    label = f"Harm found later, {days}, about {about}: BRUISE"
    told, tried = "Told of it: nobody yet, as written.", "pharmacist, engaged"
    assert re.search(rf"{label} {told} Not reached yet: {tried}", first)
    what = "MB stood up. His foot slid on the rug."
    concern = f"Possible safeguarding concern raised: {about}, Tue 14 Apr 2026: {what} Told of the"
    assert f"{concern} concern: nobody yet, as written." in first
    assert first.count(what) == 1
    write(book, FollowUpFields(about=about, informed=["duty line (Pia)"], told_of=["concern"]))
    write(book, FollowUpFields(about=about, informed=["surgery (Dr Pym)"], told_of=[harm]))
    first = read(build(book, "handover"))[0]
    assert f"{label} Told of it: surgery (Dr Pym) (written down" in first
    assert f"{concern} concern: duty line (Pia) (written down" in first


def test_changed_is_only_what_holds_and_what_was_not_declined(book: Logbook) -> None:
    one, other = write(book, make_report(), make_report())
    [gone] = write(book, FollowUpFields(about=one, changed="rug taken away"))
    write(book, FollowUpFields(about=one, undoes=gone))
    for status in ("changed", "declined"):
        plan = FollowUpFields(about=other, care_plan=f"{status} two", care_plan_status=status)
        write(book, plan)
    write(book, FollowUpFields(about=other, changed="mat laid", changed_on="2026-04-13"))
    for kind in BUILDERS:
        first = read(build(book, kind))[0]
        assert "ug taken away" not in first
        assert "Care plan changed" not in first
        assert first.count("Mat laid (13 Apr 2026)") == 1


@over(("kind", "large"), EACH)
def test_what_is_told_by_its_page_stands_on_that_page(
    book: Logbook, kind: str, large: bool
) -> None:
    if not book.path.exists():
        ids = write(book, *(make_report(recommendations=[f"Idea {n:02}"]) for n in range(12)))
        for n, about in enumerate(ids):
            step = {"next_step": f"Step {n:02}, {TALE}", "agreed_on": "2026-04-10"}
            write(
                book,
                FollowUpFields(about=about, note=f"{TALE}. " * 20),
                FollowUpFields(about=about, **step),  # type: ignore[arg-type]
                FollowUpFields(about=about, changed=f"Change {n:02}"),
            )
    document = build(book, kind, large=large)
    pages = read(document)
    found, first = [], re.sub(r"Since then: Change \d+", "", pages[0])
    for more in re.finditer(r"more[^,•]*, the next on page (\d+)", first):
        kind_of, last = re.findall(r"(Step|Change|Idea) (\d+)", first[: more.start()])[-1]
        rest = range(int(last)) if kind_of == "Change" else range(int(last) + 1, 12)
        lines = [f": {kind_of} {each:02}" for each in rest]
        held = [any(each in page for each in lines) for page in pages[1:]]
        found.append((held.index(True) + 2, int(more[1])))
    assert found
    assert [(nearest, page) for nearest, page in found if nearest != page] == []
    html = render_html(document).decode()
    pointed = re.findall(r'href="#([^"]+-(?:line|ideas|injury))"', html)
    assert pointed
    assert [each for each in pointed if html.count(f'id="{each}"') != 1] == []


def test_what_is_undone_stands_on_page_one_and_what_came_of_an_incident(book: Logbook) -> None:
    one, two, closed = write(
        book,
        *(
            make_report(occurred_at=f"2026-11-{day}T21:15:00+00:00", recommendations=ideas)
            for day, ideas in ((10, ["A rail"]), (11, []), (12, ["ASK about sleep"]))
        ),
    )
    [choked] = write(book, hurt())
    write(
        book,
        *(ComparisonFields(about=one, other=each, same_hazard=True) for each in (two, closed)),
        FollowUpFields(about=one, care_plan_status="asked"),
        FollowUpFields(about=closed, note="ZULU", closes=True),
        FollowUpFields(about=closed, next_step="RING", next_due="2026-04-10"),
        FollowUpFields(about=choked, note="The therapist came.", closes=True),
    )
    for kind in BUILDERS:
        first = read(build(book, kind))[0]
        asked = f"Care plan review asked for (noted 14 Apr 2026): no answer noted ({one})"
        assert asked in first
        assert "overdue" in first.partition("RING")[2][:60]
        assert "Closed 14 Apr 2026: The therapist came." in first
    assert "What could stop it happening again?" in first
    assert "ASK about sleep" in first


def test_what_was_agreed_is_not_given_up_for_its_number(book: Logbook) -> None:
    write_nasty_book(book)
    about = write(book, make_report())[0]
    write(book, FollowUpFields(about=about, next_step="Ring the OT", agreed_on="2026-04-10"))
    packs = frozenset([datetime.fromisoformat("2026-04-09").date()])
    for said, days in (("Last time (10 Apr 2026) we agreed", packs), ("Agreed 10 Apr 2026", ())):
        first = read(build(book, "meeting", large=True, packs=frozenset(days)))[0]
        assert f"{said} • Ring the OT: not yet." in first


def test_where_harm_was_found_a_near_miss_is_not_what_did_none(book: Logbook) -> None:
    [about] = write(book, make_report())
    assert "could have caused harm but did not." in read(build(book, "meeting"))[0]
    write(book, FollowUpFields(about=about, harm_found="A bruise"))
    said = "could have caused harm but did not, as far as was seen then. Writing"
    assert said in read(build(book, "meeting"))[0]


def test_an_idea_that_is_a_step_or_was_declined_is_told_once(book: Logbook) -> None:
    ideas = ["Ring the OT", "Raise the chair.", "Lock the door", "A rail"]
    [about] = write(book, make_report(recommendations=ideas))
    write(
        book,
        FollowUpFields(about=about, next_step="ring the OT", next_who="me", next_due="2026-05-01"),
    )
    [done] = write(book, FollowUpFields(about=about, next_step="Raise the chair."))
    write(book, FollowUpFields(about=about, next_done=True, ends=done))
    declined = "Declined at the meeting of 20 Apr 2026: Lock the door"
    write(book, FollowUpFields(about=about, note=declined))
    talk = read(build(book, "meeting"))[0].partition("To talk about")[2]
    # What is late is said of the step, and not beside anybody's name.
    assert (
        f"ring the OT: no note that it was done, overdue ({about}) Maria Ortiz 1 May 2026 A rail"
        in talk
    )
    write(book, FollowUpFields(about=about, next_step="Raise the chair."))
    write(book, FollowUpFields(about=about, next_done=True, closes=True, ends=done))
    first = read(build(book, "meeting"))[0]
    assert f"Raise the chair. ({about})" in first
    assert not re.search("Ring the OT|Raise the chair|Lock the door", talk)


@over(("kind", "large"), EACH)
def test_older_reports_say_how_it_ended_and_that_nobody_was_told(
    book: Logbook, kind: str, large: bool
) -> None:
    if not book.path.exists():
        old = {"occurred_at": "2025-04-14T21:15:00+01:00", "how_prevented": "A neighbour came."}
        tale = "She had the dog in. He jumps at her knees each time she gets up."
        write(book, make_report(), make_report(**old, what_nearly_happened=tale))
    said = " ".join(read(build(book, kind, large=large)))
    assert "Nobody" in said or "nobody yet" in said
    if kind == "meeting":
        older = said.partition("Other reports, in brief")[2]
        assert "She had the dog in. He jumps at her knees each time she gets up. How it" in older
        assert "How it was prevented: A neighbour came. Immediate action taken: Asked" in older
        assert "Told: nobody yet, as written." in older


@over(("kind", "large"), EACH)
def test_what_is_pointed_to_stands_whole_on_the_page_that_is_named(
    book: Logbook, kind: str, large: bool
) -> None:
    if not book.path.exists():
        for n, about in enumerate(write(book, *[make_report()] * 3)):
            write(book, FollowUpFields(about=about, harm_found=f"Harm {n}. " + f"{TALE}. " * 60))
    document = build(book, kind, large=large)
    pages = read(document)
    harm = pages[0].partition("Harm found later")[2].partition("3 near misses")[0]
    for n, page in zip((2, 1, 0), re.findall(r"on page (\d+)", harm), strict=True):
        assert f": Harm {n}. " in pages[int(page) - 1]
    entries = [each.id for record in read_rich_book(book)[0] for each in record.harm_found]
    for n, entry in enumerate(entries):
        told = rf"{entry}: Harm found later: on page (\d+)"
        page = re.search(told, " ".join(pages))
        assert page
        assert f": Harm {n}. " in pages[int(page[1]) - 1]
    html = render_html(document).decode()
    text = " ".join(render_text(document).decode().split())
    assert "in full above" in text
    assert "Harm found later: above" in text  # each stands at the head of its report
    assert "Harm found later: below" not in text
    for n, entry in enumerate(entries):
        assert html.count(f'id="{entry}"') == html.count(f"Harm {n}. " + f"{TALE}. " * 9) == 1
        assert f'<a href="#{entry}">' in html


def test_sentences_are_taken_whole_and_none_that_says_less_than_the_text() -> None:
    assert take_whole(
        "Left hip. Wrist swollen by the evening; 111 sent us to A&E by taxi.", 60
    ) == ("Left hip.")
    assert take_whole("None seen. She said her knee was sore.", 60) == (
        "None seen. She said her knee was sore."
    )
    assert (
        take_whole("None seen. She said her knee was sore when she walked to the door.", 60) == ""
    )
    assert take_whole("A sentence that is too long to be told, and is not cut.", 30) == ""


def test_of_harm_stands_what_was_found_and_of_steps_what_is_due(book: Logbook) -> None:
    found = "The nurse said after the X-ray that it was a hairline fracture."
    assert take_danger(f"Wrist swollen and blue. {found} Splint for 4 weeks.") == found
    assert take_danger("Bruise on the left knee. She walks on it.") == "Bruise on the left knee."
    [about] = write(book, make_report())
    days = {"LATE": "2026-11-20", "SOON": "2026-12-05", "TODAY": "2026-11-24", "NO DAY": None}
    write(
        book,
        *(FollowUpFields(about=about, next_step=what, next_due=day) for what, day in days.items()),
    )
    write(book, FollowUpFields(about=about, care_plan_status="asked"))
    first = read(build(book, "handover"))[0]
    assert "Next steps: 4 open, 2 due or overdue" in first
    assert "LATE, by 20 Nov 2026 (overdue; " in first
    assert "TODAY, by 24 Nov 2026 (due today; " in first
    order = ("LATE", "TODAY", "Care plan review asked for", "SOON", "NO DAY")
    places = [first.index(each) for each in order]
    assert places == sorted(places)


def test_where_somebody_was_told_later_nobody_stands_as_when_it_was_written(book: Logbook) -> None:
    unsure, _, later = write(
        book, make_report(safeguarding=True), make_report(), make_report(safeguarding=True)
    )
    told = FollowUpFields(about=later, informed=["son"], told_of=["event"])
    for each in (FollowUpFields(about=unsure, informed=["daughter (Sue)"]), told):
        book.append([each], MARIA, NOW + timedelta(days=1))
    for kind in BUILDERS:
        first, *others = read(build(book, kind))
        then, said = "Who was informed: Nobody when it was written; later", " ".join(others)
        assert said.count(f"{then}, as below") == 1
        assert said.count(f"{then}, of what is not written, as below") == 1
        assert said.count("Who was informed: Nobody told yet, as written") == 1
        assert "Told of the concern: nobody yet, as written. Told of what happened: son" in first
    [same] = write(book, make_report())  # in which order, on one day, is not known
    write(book, FollowUpFields(about=same, informed=["nurse (Ada)"]))
    for kind in BUILDERS:
        assert "Who was informed: nurse (Ada)" in " ".join(read(build(book, kind)))


def test_few_words_say_of_a_concern_what_is_doubtful_in_who_was_told(book: Logbook) -> None:
    duty = ["duty line, phone, 11:50pm"]
    write(book, make_report(safeguarding=True, concern_informed=duty, informed=[]))
    assert "duty line told (check the hour)" in str(build(book, "handover").front[-1])
    [mixed] = write(book, make_report(safeguarding=True, informed=[]))
    write(book, FollowUpFields(about=mixed, informed=["son"], told_of=["event"]))
    few = str(build(book, "handover").front[-1])
    assert "nobody told yet (of the event: son)" in few


def test_the_latest_says_who_was_told_and_a_hazard_without_a_name_which_are_linked(
    book: Logbook,
) -> None:
    days = [f"2026-04-{n:02d}T21:15:00+01:00" for n in (10, 11, 12)]
    told: tuple[list[str], ...] = ([], ["son"], ["son"])
    ids = write(
        book,
        *(make_report(occurred_at=at, informed=who) for at, who in zip(days, told, strict=True)),
    )
    write(book, *(ComparisonFields(about=ids[0], other=each, same_hazard=True) for each in ids[1:]))
    for kind in BUILDERS:
        document = build(book, kind)
        said = " ".join(read(document))
        assert "he latest Sun 12 Apr 2026, 21:15, lounge, by the armchair (on page 2)" in said
        assert "): son told of it; nobody told yet of 10 Apr 2026 (on page 2)." in said
        assert "Marked as alike by the carer: with 0002, 0003" in said
        assert (
            "Marked as alike by the carer: MB stood up. His foot slid on the rug (3 here, the last "
            in str(document.front[-1])
        )


def test_a_correction_quotes_what_was_there_whole(book: Logbook) -> None:
    was = "Sat her down. Looked at her RIGHT hip. Made tea. No bruise."
    [about] = write(book, make_report(immediate_action=was))
    for now in (was.replace("RIGHT", "LEFT"), f"{was} Rang 111."):
        write(book, CorrectionFields(about=about, changes={"immediate_action": now}, reason="Slip"))
    for kind in BUILDERS:
        document = build(book, kind)
        for said in (" ".join(read(document)), " ".join(render_text(document).decode().split())):
            assert f"was: {was} Immediate action taken, now: {was.replace('RIGHT', 'LEFT')}" in said
            assert f"was: {was.replace('RIGHT', 'LEFT')}" in said
            assert "now: as it stands above. Reason: Slip." in said
            assert f"Immediate action taken, as corrected 14 Apr 2026: {was} Rang 111." in said
            assert f", {about[:4]}-0003, by {MARIA}: Immediate action taken, was" in said
            assert "nothing" not in said.partition("Corrected")[2]


def test_an_idea_after_which_something_changed_comes_last_with_the_change(book: Logbook) -> None:
    about, _ = write(
        book,
        make_report(recommendations=["Take the rug away"]),
        make_report(recommendations=["A rail"]),
    )
    write(book, FollowUpFields(about=about, changed="rug gone", changed_on="2026-04-16"))
    talk = read(build(book, "meeting"))[0].partition("To talk about")[2]
    assert "A rail Take the rug away. Since then: Rug gone (16 Apr 2026)" in talk


def test_thirty_reports_are_short_and_no_text_stands_twice(book: Logbook) -> None:
    rows = [{**each, "client": "MB"} for each in read_samples()[:30]]
    write(book, *(NearMissFields.model_validate(_date(each, n)) for n, each in enumerate(rows)))
    for large, most in ((False, 14), (True, 24)):
        pages = read_pages(render_pdf(build(book, "handover", large=large))[0])
        assert len(pages) <= most
        whole = " ".join(" ".join(pages).split())
        assert "None" not in whole.replace("None seen", "")
        for each in rows:
            action = " ".join(str(each["immediate_action"]).split())
            assert whole.count(action) <= 1
    newest = [f"{n} " for n in re.findall(r"(\d+ [A-Z][a-z]{2} 2026), \d\d:\d\d ·", whole)]
    days = [datetime.strptime(each.strip(), "%d %b %Y") for each in newest]
    assert days == sorted(days, reverse=True)


def _date(row: dict[str, Any], number: int) -> dict[str, Any]:
    moment = datetime.fromisoformat("2026-02-01T09:00:00+00:00") + timedelta(days=9 * number)
    return {**row, "occurred_at": moment.isoformat(timespec="seconds")}


def test_a_foot_names_a_range_that_is_true_and_a_plot_counts_to_the_day_made(
    book: Logbook,
) -> None:
    made = [make_report(occurred_at=f"2026-0{9 - n % 9}-{1 + n:02d}T09:00:00Z") for n in range(12)]
    ids = write(book, *made, *([FollowUpFields(about="x")] if False else []))
    document = build(book, "handover")
    assert document.foot.startswith(f"{ids[0]} to 0012")
    text = render_text(document).decode()
    assert "Nov 2026: 0" in text  # to the day on which it is made
    assert "It counts what was noted" in text
    young = [each for each in read_rich_book(book)[0] if each.report.occurred.month > 8]
    assert (
        "It counts"
        not in render_text(build_handover(young * 6, make_brief(choose_rules("own")))).decode()
    )


def test_a_screen_links_ids_and_paper_has_name_page_and_seal(book: Logbook) -> None:
    ids = write_nasty_book(book, 6)
    page = render_html(build(book, "handover", name='M "B" </style>')).decode()
    assert f'<a class="id" href="#{ids[0]}">{ids[0]}</a>' in page
    assert page.count(f'id="{ids[0]}"') == 1
    assert '@bottom-right { content: "Page " counter(page)' in page
    assert page.count("</style>") == 1
    assert "\x1e" not in page
    assert "\x1e" not in render_text(build(book, "meeting")).decode()


def test_a_report_says_each_thing_once(book: Logbook) -> None:
    [about] = write(book, make_report())
    change = FollowUpFields(about=about, changed="RUGWORD", note="Cord is back on the hook")
    write(book, change, FollowUpFields(about=about, harm_found="HARMWORD"))
    rules = choose_rules("own")
    records: Sequence[Record] = show_all(*read_rich_book(book), rules)[0]
    said = " ".join(read(build_report(records, make_brief(rules))))
    assert (said.count("RUGWORD"), said.count("HARMWORD")) == (1, 1)
    assert "Cord is back on the hook." in said
    assert "Recommendations" not in said


def test_few_words_say_what_happened_and_what_the_harm_is(book: Logbook) -> None:
    tap = {"what_nearly_happened": "Tap left running.", "how_prevented": "None seen. She was sore."}
    near = {"what_nearly_happened": f"{TALE}. " * 9, "how_prevented": f"{TALE}. " * 9}
    ids = write(book, *(hurt(**(near if n % 2 else tap)) for n in range(5)))
    bruise = "Big bruise on her hip, the size of a saucer. " * 9
    write(book, *(FollowUpFields(about=each, harm_found=bruise) for each in ids[:5]))
    fronts = [str(each) for each in build(book, "handover").front]
    assert any("yet. Hurt: None seen. She was sore. Tap left running" in each for each in fronts)
    assert not any("yet. None seen" in each for each in fronts)
    assert any(
        "), nobody told yet. Big bruise on her hip, the size of a saucer." in each
        for each in fronts
    )


def test_steps_of_the_same_words_are_told_apart_by_their_day(book: Logbook) -> None:
    days = ("2026-04-02", "2026-04-03", "2026-04-04")
    reports = [make_report(occurred_at=f"{day}T08:00:00+01:00") for day in days]
    ids = write(book, *reports)
    steps = write(
        book, *[FollowUpFields(about=each, next_step="Ring the OT about rails") for each in ids]
    )
    write(book, FollowUpFields(about=ids[1], next_done=True, ends=steps[1]))
    first = read(build(book, "handover"))[0]
    for day in ("2 Apr 2026", "4 Apr 2026"):
        assert f"Ring the OT about rails, for {day}" in first


def test_a_box_that_goes_over_a_page_says_there_again_what_it_is(book: Logbook) -> None:
    [about] = write(book, make_report())
    write(book, FollowUpFields(about=about, harm_found=f"{TALE}. " * 75))
    pages = read(build(book, "meeting", large=True))
    label = f"about {about}"
    assert f"{label}, continued: " in pages[2]
    assert f"{label}: " in pages[1]
    assert f"{label}, continued" not in " ".join(pages[:2])
