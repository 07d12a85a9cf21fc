"""A phone's text: each answer in its own field, or beside its question; never in another's.

In ``phone.txt`` each answer is marked with the letter of its field, ``{/}`` begins a report.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from nearmiss.intake.phone import split_reports
from nearmiss.intake.phone_fields import read_phone
from nearmiss.model.questions import QUESTIONS
from tests.cases import over

LETTERS = dict(zip("cwpxsagtik", QUESTIONS, strict=True))
ANSWER = re.compile(r"\{(\w)\|(.*?)\}", re.DOTALL)
NOW = datetime.fromisoformat("2026-11-24T22:00:00+00:00")
BESIDE = {"title and date top": 1, "nearly begins the answer": 1}  # answers that can't be placed


def list_texts() -> Iterator[tuple[str, str, list[dict[str, str]]]]:
    """Yield each text with its name and what each of its reports says."""
    whole = (Path(__file__).parent / "phone.txt").read_text(encoding="utf-8")
    for each in re.split(r"^=== ", whole, flags=re.MULTILINE)[1:]:
        name, _, marked = each.partition("\n")
        said = [
            {LETTERS[letter]: answer for letter, answer in ANSWER.findall(report)}
            for report in marked.split("{/}")
        ]
        yield name, ANSWER.sub(r"\2", marked).replace("{/}", ""), said


def bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


@pytest.mark.usefixtures("usual_day")  # "24 Nov 8pm" is a time where it has passed
@over(("name", "text", "said"), list(list_texts()))
def test_each_answer_stands_in_its_field(name: str, text: str, said: list[dict[str, str]]) -> None:
    found = split_reports(text)
    assert len(found) == len(said)
    left = 0
    for told, answers in zip(found, said, strict=True):
        assert told.texts.keys() <= answers.keys()
        for field, answer in answers.items():
            if field in told.texts:
                assert bare(told.texts[field]) == bare(answer)
            else:
                left += 1
                assert bare(answer) in bare(" ".join(told.notes.values()))
    assert left == BESIDE.get(name, 0)


def test_marks_that_are_said_once_each_are_marks() -> None:
    text = "who JB\nWhen today 8am\nnearly slid comma I held him full stop\nTold: nobody yet\n"
    (told,) = split_reports(text)
    assert told.texts["what_nearly_happened"] == "nearly slid, I held him."


def read_one(text: str, *clients: str) -> dict[str, object]:
    (phoned,) = read_phone(text, NOW, clients)
    return vars(phoned)


@over(
    ("line", "answers", "beside"),
    [
        ("7 Worried: n", {"safeguarding": False}, False),
        ("7 Worried: no not at all", {"safeguarding": False}, False),
        ("7 Worried: not sure", {"safeguarding": True}, True),  # the advice comes with the question
        ("7 Worried: no but his son shouts", {}, True),
        ("7 Worried: n/a", {}, True),
        ("8 Told: n/a", {"informed": []}, False),
        ("8 Told: - wife, phone, 8pm\n- GP, phone, 9pm",
         {"informed": ["wife, phone, 8pm", "GP, phone, 9pm"]}, False),
        ("8 Told: GP, phone, no answer", {}, False),
        ("8 Told: not told, GP tried", {}, False),
        ("8 Told: Ann.", {"informed": ["Ann"]}, False),
        ("10 Kind: falling", {"category": "mobility"}, False),
        ("10 Kind: the rug thing", {}, True),
        ("9 Idea: none", {"recommendations": []}, False),
        ("2 When: 22 Nov about 8pm",
         {"occurred_at": "2026-11-22T20:00:00+00:00", "occurred_approx": True}, False),
        ("2 When: some time", {}, False),
        ("2 When: 03/04 10am", {}, True),  # which of the two is the month, only she knows
    ],
)  # fmt: skip
def test_values_go_by_the_rules_of_typed_ones(
    line: str, answers: dict[str, object], beside: bool
) -> None:
    found = read_one(f"1 Who: MB\n3 Where: hall\n4 What nearly happened: he slid\n{line}")
    common = {"client": "MB", "location": "hall", "what_nearly_happened": "he slid"}
    assert found["answers"] == {**common, **answers}
    assert bool(found["notes"]) == beside


def test_who_is_known_already_or_named_in_full_is_asked() -> None:
    for client in ("MB", "Mary Brown"):
        found = read_one(f"Who: {client}\nWhere: hall\nWhat nearly happened: he slid", "MB")
        assert found["asked"] == {"client": client}


def test_initials_keep_their_full_stops() -> None:
    for typed, client in (("E.B.", "E.B."), ("EB.", "EB"), ("EB 😀", "EB")):
        found = read_one(f"Who: {typed}\nWhere: hall\nWhat nearly happened: he slid")
        assert found["answers"]["client"] == client  # type: ignore[index]


@pytest.mark.usefixtures("usual_day")
def test_today_is_the_day_of_the_message_and_that_is_a_claim() -> None:
    found = read_one("[20/11/2026, 21:14] Maria: Who: MB\nWhen: today 8pm\nWhere: hall")
    assert found["asked"] == {"occurred_at": "20 Nov 2026 20:00"}
    assert found["claims"] == ["sent 20/11/2026, 21:14 by Maria"]
    assert "20 Nov" in found["notes"]["occurred_at"]  # type: ignore[index]


def test_a_no_is_asked_where_she_says_elsewhere_that_she_is_worried() -> None:
    for said in (
        "9 Idea: mat\nPS I am worried her son shouts",
        "9 Idea: a mat. Also worried",
    ):
        found = read_one(f"1 Who: MB\n3 Where: hall\n7 Worried: n\n{said}")
        assert "safeguarding" not in found["answers"]  # type: ignore[operator]
        assert "orried" in found["notes"]["safeguarding"]  # type: ignore[index]


@pytest.mark.usefixtures("usual_day")
def test_a_day_that_the_text_does_not_say_is_not_that_of_the_desk() -> None:
    for said in ("10am", "today 10am"):
        found = read_one(f"1 Who: MB\n2 When: {said}\n3 Where: hall")
        assert found["asked"] == {"occurred_at": "24 Nov 2026 10:00"}
        assert found["by_rule"] == {}


def test_one_who_was_tried_and_one_who_was_told_are_parted() -> None:
    found = read_one("1 Who: MB\n3 Where: hall\n8 Told: tried GP, no answer, Ann told")
    assert found["by_rule"] == {"informed": ["Ann told"], "tried": ["tried GP, no answer"]}


def test_a_label_in_an_answer_does_not_outdo_the_one_behind_its_number() -> None:
    lines = ("1 Who: MB", "3 Where: hall", "4 What nearly happened: he slid", "Told: him to sit")
    (told,) = split_reports("\n".join((*lines, "8 Told: Ann")))
    assert (told.texts["informed"], told.notes["informed"].strip()) == ("Ann", "him to sit")


@over(
    "said",
    [
        "nearly fell Told: I was cross",
        "she nearly fell - told: me",
        "She was nearly out: I held her",
        "cup; plate; spoon; fork; knife; all of it nearly on her",
    ],
)
def test_what_nearly_happened_is_kept_whole_with_its_marks(said: str) -> None:
    (told,) = split_reports(f"1 MB\n2 23 Nov 8am\n3 hall\n4 {said}\n5 me\n6 sat\n7 n\n8 Ann")
    assert told.texts["what_nearly_happened"] == said


def test_what_is_no_text_of_that_kind_stands_beside_what_happened() -> None:
    text = "MB nearly slid off the commode I caught her belt told the wife"
    assert read_one(text)["answers"] == {}
    assert split_reports(" \n\n") == []


FORM = "Who: MB\nWhere: hall\nWhat nearly happened: he slid\nWhat stopped it: me\nTold: wife\n"


@over(
    ("text", "name", "beside"),
    [
        ("Who: landing\nWhere: MB\nWhat nearly happened: he slid", "client", "landing"),
        (FORM.replace("me\n", "me\nWeather: icy\n"), "immediate_action", "Weather: icy"),
        (f"{FORM}Worried: y / n / not sure ✓ no", "safeguarding", "y / n / not sure ✓ no"),
        (f"{FORM}Kind: moving\n\nPS his son rang", "what_nearly_happened", "PS his son rang"),
        ("1 MB\n3 hall\n4 he slid\n5 me\nharm not sure\n8 wife", "safeguarding", None),
    ],
)
def test_what_belongs_to_no_question_for_sure_stands_beside_one(
    text: str, name: str, beside: str | None
) -> None:
    (told,) = split_reports(text)
    assert (told.notes.get(name) or "").strip() == (beside or "")
    assert beside is None or beside not in told.texts.get(name, "")
    assert told.texts["what_nearly_happened"] == "he slid"


def test_another_report_told_behind_the_lines_is_kept_apart() -> None:
    other = "Also on Tuesday EB nearly burnt her lip, I put an ice cube in it."
    first, second = split_reports(f"{FORM}Kind: moving\n\n{other}")
    assert first.notes == second.texts == {}
    said = {"client": "EB", "occurred_at": "on Tuesday", "what_nearly_happened": other}
    assert second.offers == said


BARE = ["MB", "Mon 7am", "hall", "he slid", "the rail", "sat him down", "n", "wife", "a mat"]


@over(
    "text",
    [
        "\n".join([*BARE, "moving"]),
        "; ".join([*BARE, "moving"]),
        "\n".join(
            [*(f"{at + 1} {name}:" for at, name in enumerate(QUESTIONS)), "", *BARE, "moving"]
        ),
    ],
)
def test_lines_without_labels_are_the_answers_in_the_order_of_the_form(text: str) -> None:
    (told,) = split_reports(text)
    assert [*told.texts.values()] == [*BARE, "moving"]


@over(
    ("lines", "placed", "beside"),
    [
        # who stopped it or what she did is left out
        (BARE[:4] + BARE[5:], [*BARE[:4], "n", "wife"], ["sat him down", "a mat"]),
        ([*BARE[:7], "ask the OT for a rail", "moving"], [*BARE[:7], "moving"],
         ["ask the OT for a rail"]),
        ([*BARE[:3], "He slid and then", *BARE[3:5], *BARE[6:8]], [*BARE[:3], "n", "wife"],
         ["He slid and then\nhe slid", "the rail"]),
        (["n", "he slid", "MB", "Mon 7am", "moving", "the rail"], ["MB", "Mon 7am"],
         ["he slid", "moving\nthe rail", "n"]),
    ],
)  # fmt: skip
def test_of_lines_that_may_be_one_answer_or_another_only_the_plain_ones_are_placed(
    lines: list[str], placed: list[str], beside: list[str]
) -> None:
    (told,) = split_reports("\n".join(lines))
    assert [*told.texts.values()] == placed
    assert sorted(told.notes.values()) == sorted(beside)


def test_what_may_be_one_report_or_two_is_asked_and_both_are_shown() -> None:
    asked = []

    def answer(is_two: bool, first: str, second: str) -> bool:
        asked.append((first, second))
        return is_two

    text = f"{FORM}Kind: moving\n\nAlso on Tuesday EB nearly burnt her lip on the soup."
    one, two = (read_phone(text, NOW, are_two=partial(answer, is_two)) for is_two in (False, True))
    assert asked[0][1] == "EB / on Tuesday / Also on Tuesday EB nearly burnt her lip on the soup."
    assert [each.answers.get("client") for each in (*one, *two)] == ["MB", "MB", None]
    assert "burnt her lip" in one[0].notes["what_nearly_happened"]
    assert two[1].asked["client"] == "EB"
    unasked = read_phone(text, NOW)
    assert all("one report or two" in each.list_open()[-1] for each in unasked)


def test_a_report_that_may_begin_at_two_places_is_not_cut_at_one() -> None:
    one = "Told: wife\nKind: moving\nWho: MB\nIdea: rail\nWhere: hall"
    other = "Kind: other\nWho: EB\nIdea: mat\nWhere: bath"
    (told,) = split_reports(f"{one}\n{other}")
    assert told.texts.keys() <= {"informed", "category"}


@over(
    "text",
    ["1 2 3 4 5 6 7 8 9 10 " * 400, "\n".join(f"Lab{at} x{at}: y" for at in range(500))],
)
def test_a_text_of_nothing_but_beginnings_is_read_as_prose(text: str) -> None:
    (told,) = split_reports(text)
    assert (told.texts, told.notes) == ({}, {})
    assert told.offers["what_nearly_happened"] == text.strip()


def test_numbers_that_are_not_those_of_the_form_say_nothing() -> None:
    lines = ["ED", "yesterday, 18.15", "the hall", "a stranger", "He said he was from the gas"]
    lines += ["I asked for his card", "Locked up", "The warden", "A chain", "Yes, the second time"]
    text = "\n".join(f"{at}) {line}" for at, line in enumerate(lines, 1))
    (told,) = split_reports(text)
    assert not {"what_nearly_happened", "how_prevented", "immediate_action"} & told.texts.keys()
    assert "He said he was from the gas" in told.tell()
