"""The handover's page one: what it tells first, and whose it is."""

from nearmiss.documents.blocks import Document, Items, Part, Table
from nearmiss.documents.handover import build_handover
from nearmiss.documents.reader import choose_rules
from nearmiss.documents.txt import render_text
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import ComparisonFields, FollowUpFields, IncidentFields
from tests.conftest import NOW, make_report
from tests.exports.reading import make_brief, show_all
from tests.records.rich import MARIA, read_rich_book


def build(book: Logbook, **given: str) -> Document:
    rules = choose_rules("professional")
    accounts, patterns = show_all(*read_rich_book(book), rules)
    return build_handover(accounts, make_brief(rules, patterns=patterns, **given))


def read_observed(document: Document) -> list[str]:
    for part in document.front[0].blocks:
        if isinstance(part, Part) and part.title.startswith("What I observed"):
            items = part.blocks[0]
            assert isinstance(items, Items)
            return [each.rpartition("(")[0].partition(": ")[2].strip() for each in items.items]
    raise AssertionError


def write(book: Logbook, *whats: str, safeguarding: str = "") -> list[str]:
    reports = [
        make_report(
            occurred_at=f"2026-0{1 + n // 28}-{1 + n % 28:02d}T20:15:00Z",
            what_nearly_happened=what,
            safeguarding=what == safeguarding,
        )
        for n, what in enumerate(whats)
    ]
    return list(book.append(reports, MARIA, NOW).ids)


def tie(book: Logbook, *ids: str) -> None:
    ties = [ComparisonFields(about=ids[0], other=each, same_hazard=True) for each in ids[1:]]
    book.append(ties, MARIA, NOW)


def test_observed_are_harm_then_a_pattern_then_the_newest_and_a_concern_is_told_above(
    book: Logbook,
) -> None:
    names = ("rug one", "harm old", "rug two", "harm new", "rug three", "purse", "tablet", "soup")
    ids = write(book, *names, safeguarding="purse")
    book.append([FollowUpFields(about=ids[3], harm_found="bruise")], MARIA, NOW)
    book.append([FollowUpFields(about=ids[1], harm_found="graze")], MARIA, NOW)
    tie(book, ids[0], ids[2], ids[4])
    document = build(book)
    assert read_observed(document) == ["harm new", "rug three", "soup"]
    text = " ".join(render_text(document).decode().split())
    assert "the latest Thu 8 Jan 2026, 20:15, " in text
    assert f"concern raised: {ids[5]}, Tue 6 Jan 2026: purse Told of the concern: nobody" in text


def test_an_old_pattern_takes_one_line_of_those_observed(book: Logbook) -> None:
    ids = write(book, "rug one", "rug two", "rug three", "bath", "tablet")
    tie(book, *ids[:3])
    document = build(book)
    assert read_observed(document) == ["rug three", "tablet", "bath"]
    assert "20:15: tablet" not in " ".join(
        render_text(document).decode().split("What I")[0].split()
    )


def test_what_stands_whole_on_page_one_is_not_said_to_go_on(book: Logbook) -> None:
    for large in (False, True):
        write(book, *["He slid off the bed."] * 9, "One. " * 80)
        rules = choose_rules("professional")
        records, patterns = show_all(*read_rich_book(book), rules)
        document = build_handover(records, make_brief(rules, patterns=patterns, large=large))
        told = [each for front in document.front for each in front.blocks if isinstance(each, Part)]
        assert "slid off the bed. (continues" not in repr(told)
        assert "One. (continues" in repr(told)


def test_initials_say_whose_it_is_where_no_name_is_given(book: Logbook) -> None:
    write(book, "rug")
    assert b"Name (MB): ___" in render_text(build(book))
    named = render_text(build(book, name="Michael"))
    assert b"Name: Michael" in named
    assert b"(MB)" not in named


def test_the_table_has_roles_alone_and_one_wording_where_nobody_was_told(book: Logbook) -> None:
    told = [["bank, phone, 9am"], ["adult social care (Al), phone"], []]
    book.append([make_report(informed=each) for each in told], MARIA, NOW)
    document = build(book)
    table = next(each for each in document.blocks if isinstance(each, Table))
    at = table.head.index("Told")
    assert [row[at] for row in table.rows] == [
        "Nobody yet",
        "adult social care",
        "bank",
    ]
    text = " ".join(render_text(document).decode().split())
    assert "bank, phone, 9am" in text
    assert text.count("Nobody told yet, as written") == 1
    assert "No handover noted" not in text


def test_the_table_says_of_what_each_was_told(book: Logbook) -> None:
    report = make_report(informed=["daughter, phone"], safeguarding=True, concern_informed=[])
    about, _ = book.append([report, make_report()], MARIA, NOW).ids
    book.append([FollowUpFields(about=about, harm_found="A bruise")], MARIA, NOW)
    table = next(each for each in build(book).blocks if isinstance(each, Table))
    at = table.head.index("Told")
    told = next(row for row in table.rows if row[0].startswith(about))
    assert told[at] == "Event: daughter\nHarm: nobody yet\nConcern: nobody yet"
    assert told[at + 1] == "Harm found later; Possible concern raised"


def test_falls_are_not_counted_so_that_a_hurt_hip_of_another_kind_is_denied(book: Logbook) -> None:
    hip = IncidentFields.model_validate(
        {
            **make_report(category="medication").model_dump(exclude_none=True, exclude=NEARLY),
            "what_happened": "She reached for the dosette and went down.",
            "injury": "Left hip.",
        }
    )
    book.append([make_report(category="mobility"), hip], MARIA, NOW)
    text = " ".join(render_text(build(book)).decode().split())
    assert "0 incidents" not in text
    said = "Of the kind Moving or falling, last 12 months, only what this carer wrote down: "
    assert f"{said}1 near miss (14 Apr 2026); 1 incident noted under other kinds." in text


def test_no_cell_denies_harm_and_one_sentence_says_what_is_not_written(book: Logbook) -> None:
    write(book, "He slid.", "She fell to the floor and her wrist was bruised.")
    document = build(book)
    table = next(each for each in document.blocks if isinstance(each, Table))
    at = table.head.index("Harm or concern")
    assert [row[at] for row in table.rows] == ["–", "–"]
    said = " ".join(render_text(document).decode().split())
    assert said.count("Where a report tells of no harm, none has been written down later, as") == 1


NEARLY = {"what_nearly_happened", "how_prevented"}
