"""What stands in the cells of a sheet: days and times, people, clients, kinds."""

import pytest

from nearmiss.intake.clients import find_pairs, is_client, propose_clients, split_clients
from nearmiss.intake.harm import find_done
from nearmiss.intake.moments import NotRead, Order, read_moment
from nearmiss.intake.people import match_replies, read_told, split_people
from nearmiss.intake.survey import DayOrder
from nearmiss.intake.values import clean_line, find_kind, fold_client, names_writer, says_unhurt
from tests.cases import over
from tests.conftest import NOW


@over(
    ("day", "clock", "moment"),
    [
        ("03/04/2026 20:15", "", "2026-04-03T20:15:00+01:00"),
        ("03/04/2026 20:15:37", "", "2026-04-03T20:15:00+01:00"),
        ("2026-04-03T20:15:37.123Z", "", "2026-04-03T21:15:00+01:00"),
        ("2026/04/03 8:15:37 PM GMT+1", "", "2026-04-03T20:15:00+01:00"),
        ("46115.84375", "", "2026-04-03T20:15:00+01:00"),
        ("46115", "0.84375", "2026-04-03T20:15:00+01:00"),
        ("03.04.26 20.15", "", "2026-04-03T20:15:00+01:00"),
        ("3-Apr-26", "8:15 p.m.", "2026-04-03T20:15:00+01:00"),
        ("Friday 3rd of April 2026", "2015hrs", "2026-04-03T20:15:00+01:00"),
        ("April 3, 2026 at 8pm", "", "2026-04-03T20:00:00+01:00"),
        ("20:15 03/04/2026", "", "2026-04-03T20:15:00+01:00"),
        ("2026-04-03 00:00:00", "20:15:00", "2026-04-03T20:15:00+01:00"),
    ],
)
def test_days_and_times_as_spreadsheets_write_them(day: str, clock: str, moment: str) -> None:
    assert read_moment(day, clock).settle("day", NOW) == {"occurred_at": moment}


@over(
    ("day", "clock"),
    [
        ("3/4/2026", "about 8pm"),
        ("about 3/4/26 8pm", ""),
        ("3/4/26", "8pm approx"),
        ("3/4/26", "20:00-20:30"),
    ],
)
def test_about_is_kept(day: str, clock: str) -> None:
    assert read_moment(day, clock).settle("day", NOW)["occurred_approx"]


@over(
    ("day", "clock"),
    [
        ("3/4/2026", ""),
        ("3/4/26 pm", ""),
        *(("3/4/2026", each) for each in ("evening", "P1", "25:10")),
        *(("3/4/2026", each) for each in ("as before", "between 10pm and 6am")),
    ],
)
def test_a_day_alone_has_no_hour(day: str, clock: str) -> None:
    fields = read_moment(day, clock).settle("day", NOW)
    assert (fields["hour_not_known"], fields["occurred_at"][:16]) == (True, "2026-04-03T12:00")


@over(
    ("day", "clock"),
    [
        ("yesterday 9pm", ""),  # of which day is not known
        ("3 April", ""),
        ("31/02/2026", ""),
        ("3/4/2026 20:15", "10:00"),
        ("0.84375", ""),
        ("", "20:15"),
    ],
)
def test_what_is_no_day_with_its_year_is_refused(day: str, clock: str) -> None:
    with pytest.raises(NotRead):
        read_moment(day, clock).settle("day", NOW)


@over(
    ("days", "order"),
    [
        (["13/04/2026", "03/04/2026"], "day"),
        (["04/13/2026", "04/03/2026"], "month"),
        (["04/03/2026"], None),
        (["13/04/2026", "04/13/2026", "04/03/2026"], None),
        (["2026-04-03", "3 Apr 2026", "04/04/2026"], "day"),
        (["2026-01-03", "09/01/2026", "2026-01-14"], "day"),
        # one value alone, with which the others go back and forth
        (["2026-01-03", "09/01/2026", "2026-01-14", "2/13/2026"], None),
        (["01/03/2026", "04/05/2026", "04/13/2026"], "month"),
    ],
)
def test_the_order_of_days_is_decided_by_the_whole_file(
    days: list[str], order: Order | None
) -> None:
    found = DayOrder()
    for number, day in enumerate(days, start=2):
        found.weigh(number, read_moment(day).day)
    assert found.decide(NOW) == order


def test_a_day_to_come_is_refused() -> None:
    with pytest.raises(NotRead, match="lies ahead"):
        read_moment("15/04/2026").settle("day", NOW)


@over(
    ("clock", "hour"),
    [
        ("half 8 at night", "20:30"),
        ("10.30ish am", "10:30"),
        ("about 10 in the morning", "10:00"),
        ("half past 9 (am)", "09:30"),
        ("7pm-ish", "19:00"),
        ("19h", "19:00"),
        ("14h30", "14:30"),
        ("10.3", "10:30"),
        ("9.4", "09:40"),
    ],
)
def test_rough_hours_are_read_as_typed_ones(clock: str, hour: str) -> None:
    fields = read_moment("3/4/2026", clock).settle("day", NOW)
    assert fields["occurred_at"][11:16] == hour


def test_an_hour_of_either_half_of_the_day_is_known_for_one() -> None:
    hours = ("3:30", "3.3", "03:30", "3:30pm")
    halved = [read_moment("3/4/26", each).is_halved for each in hours]
    assert halved == [True, True, False, False]


@over(
    ("clock", "hour"),
    [("9", 9), ("3ish", 15), ("half 12", 12), ("approx 11", 11), ("about 2", 14), ("5 to 4", 15)],
)
def test_an_hour_in_words_without_its_half_is_read_by_day(clock: str, hour: int) -> None:
    moment = read_moment("3/4/26", clock)
    assert moment.is_halved
    assert moment.waking
    assert moment.waking.hour == hour


@over(
    ("cell", "person", "people"),
    [
        ("Manager / on call, Family (mum, dad)", "", ["Manager / on call", "Family (mum, dad)"]),
        ("Manager, GP, nurse or 111", "", ["Manager", "GP, nurse or 111"]),
        ("BT / Police 101 / sister", "", ["BT", "Police 101", "sister"]),
        ("daughter (Sue), phone, 8:40pm", "", ["daughter (Sue), phone, 8:40pm"]),
        ("Surgery - no answer then 111", "", ["Surgery - no answer", "111"]),
        ("Adult social care 11.40 / NOT told husband", "", ["Adult social care 11.40"]),
        ("as above", "", []),
        ("15:20", "", []),
        ("Y", "GP", ["GP"]),
        ("Y 09:10", "GP", ["GP: 09:10"]),
        ("Yes - wife", "Family", ["wife"]),
        ("N", "GP", []),
        ("Declined", "GP", []),
        ("N - dad no answer, LM", "Family", ["dad no answer, LM"]),
        ("rang, LM", "Mum", ["Mum: rang, LM"]),
        ("x", "Mum", []),
        ("no family", "Family", []),
        ("✗", "Mum", ["Mum: ✗ (not reached, or not told)"]),
        ("✗ then ✓ 21.40", "SW", ["SW: ✗ then ✓ 21.40"]),
        ("not informed - grandson lives there", "Family", []),
        ("she asked me not to", "Family", []),
        ("not needed", "", []),
        ("Farm mgr, Keyworker", "", ["Farm mgr", "Keyworker"]),
        ("111 - then GP surgery", "", ["111", "GP surgery"]),
        ("DN, left msg. 111 said wait", "", ["DN, left msg", "111 said wait"]),
        ("Spoke to GP, dr to ring back", "", ["Spoke to GP, dr to ring back"]),
        (
            "Police 101, trading standards, Jackie",
            "",
            ["Police 101", "trading standards", "Jackie"],
        ),
        ("Me. Tried Rob, voicemail", "", ["Me", "Tried Rob, voicemail"]),
        ("Nan answered, mum's phone off", "", ["Nan answered", "mum's phone off"]),
        ("Head away today so deputy by phone", "", ["Head away today", "deputy by phone"]),
        ("mum and dad told, SW left message", "", ["mum and dad told", "SW left message"]),
        ("Lisa no joy / Mike knows", "", ["Lisa no joy", "Mike knows"]),
        ("GP & son no ans", "", ["GP & son no ans"]),
        ("tried wife, she rang me back 8pm", "", ["tried wife, she rang me back 8pm"]),
    ],
)
def test_who_is_told_of_in_a_cell(cell: str, person: str, people: list[str]) -> None:
    assert list(read_told(cell, person)) == people


def test_one_client_by_several_names_gets_the_same_initials() -> None:
    names = [
        "Mr D Whitlock",
        "D. Whitlock",
        "Mr Whitlock",
        "Mrs Dee Wren",
        "Mrs W.",
        "MB",
        "m.b",
        "n/a",
    ]
    said = propose_clients(dict.fromkeys(names, 1), ["MB"])
    assert said == {
        "Mr D Whitlock": "DW",
        "D. Whitlock": "DW",
        "Mr Whitlock": "DW",
        "Mrs Dee Wren": "DW2",
        "Mrs W.": "DW",
        "m.b": "MB",
    }


@over(
    ("clients", "pairs"),
    [
        (["Alfie R", "Alfie", "Ibrahim"], {"Alfie": ["Alfie R"]}),
        (["Doris", "DF", "MB"], {"Doris": ["DF"]}),
        (["Jean P", "JP"], {"Jean P": ["JP"]}),
        (["Stan O.", "Stan Okafor"], {"Stan O.": ["SO"]}),
        (["MB", "MK", "Tom", "Ian"], {}),
        (["Stan O", "Stan P"], {}),
    ],
)
def test_one_person_may_stand_there_under_two_names(
    clients: list[str], pairs: dict[str, list[str]]
) -> None:
    counted = {each: at for at, each in enumerate(clients, start=1)}
    found = find_pairs(counted, propose_clients(counted, []))
    assert {frozenset((each, *others)) for each, others in found.items()} == {
        frozenset((each, *others)) for each, others in pairs.items()
    }


@over(
    ("cell", "clients"),
    [
        ("RK Rm 2 / HB Rm 7", ("RK", "HB")),
        ("Alfie R & Theo P", ("Alfie R", "Theo P")),
        ("MB and KT", ("MB", "KT")),
        ("MB/KT", ("MB", "KT")),
        ("J/P", ()),
        ("Mr & Mrs Deane", ()),
        ("Brown, Mary", ()),
        ("Mary Brown", ()),
        ("Ann-Marie", ()),
    ],
)
def test_two_clients_in_one_cell(cell: str, clients: tuple[str, ...]) -> None:
    assert split_clients(cell) == clients


def test_a_first_name_alone_is_nobody_elses_and_a_description_is_nobody() -> None:
    assert propose_clients({"Alfie R": 3, "Alfie": 1, "Ibrahim": 1}, []) == {}
    assert propose_clients({"Mr S. Oke (caretaker)": 1}, []) == {"Mr S. Oke (caretaker)": "SO"}
    for cell in ("dont know his name, red cap", "Taxi escort (name illegible)"):
        assert not is_client(cell)


@over(
    ("cell", "is_unhurt"),
    [
        ("None. EpiPen not needed", True),
        ("No bumps", True),
        ("No visible marks, but a bruise came up", False),
        ("None, nothing eaten", True),
        ("No – I pulled it away", True),
        ("n/a", True),
        ("No. He broke his arm later", False),
        ("Nosebleed", False),
        ("he wasn't hurt", True),
        ("not hurt, £40 gone", True),
        ("ok but grazed knee", False),
        ("Sore coccyx. No bruise", False),
    ],
)
def test_an_injury_that_begins_with_none_is_none(cell: str, is_unhurt: bool) -> None:
    assert says_unhurt(cell) == is_unhurt


@over(
    ("cell", "people"),
    [
        ("Pharmacist; daughter (Sue), phone", ["Pharmacist", "daughter (Sue), phone"]),
        ("GP\r\nson\n", ["GP", "son"]),
        ("TBC", []),
        ("Not informed.", []),
        ("n/a; none", []),
    ],
)
def test_people_are_parted_and_nobody_is_nobody(cell: str, people: list[str]) -> None:
    assert split_people(cell) == people


def test_initials_that_look_the_same_fold_to_the_same() -> None:
    assert (
        len(
            {
                fold_client(each)
                for each in ("MB", "mb", "M.B.", "M B", "\u041c\u0412", "\u039c\u0392")
            }
        )
        == 1
    )
    assert fold_client("MB1") != fold_client("MB2")
    assert [clean_line(each) for each in ("MB \U0001f600", "\U0001f600")] == ["MB", "\U0001f600"]


@over(
    ("typed", "kind"),
    [("Slips, trips and falls", "mobility"), ("Medicines", "medication"), ("Weather", None)],
)
def test_only_a_plain_word_is_a_kind(typed: str, kind: str | None) -> None:
    assert find_kind(typed) == kind


@over(
    ("cell", "people"),
    [
        ("Parent/carer, GP", ["Parent/carer", "GP"]),
        ("GP/111", ["GP", "111"]),
        ("GP; put it in the comms book", ["GP"]),
        (
            "told Sue, left a note for Bev in the book",
            ["told Sue", "left a note for Bev in the book"],
        ),
        ("999? no", []),
        ("not told, GP tried", ["not told, GP tried"]),
        ("Designated lead (Mrs Osei), Head", ["Designated lead (Mrs Osei)", "Head"]),
        (
            "Gill. Will speak to Robert when he's home",
            ["Gill", "Will speak to Robert when he's home"],
        ),
        (
            "Out of hrs Dr - nobody rang back. A&E said bloods",
            ["Out of hrs Dr - nobody rang back", "A&E said bloods"],
        ),
    ],
)
def test_words_that_belong_together_are_not_parted(cell: str, people: list[str]) -> None:
    assert list(read_told(cell)) == people


@over(
    ("cell", "replies", "lines"),
    [
        ("Bev on call, 111", "Bev yes, 111 gave up", ["Bev on call", "111 - gave up"]),
        ("999, mum", "999 ✓ mum ✗ (left till morning)", ["999", "mum - ✗ (left till morning)"]),
        ("Police 101, Bev", "✓ both", ["Police 101", "Bev"]),
        ("Bank; Son", "yes; no", ["Bank", "Son - no"]),
        (
            "Loan firm; District Nurse",
            "firm - shut; DN yes",
            ["Loan firm - shut", "District Nurse"],
        ),
        ("Bev", "no - rang 6.35, 6.50", ["Bev - no - rang 6.35, 6.50"]),
        ("nobody", "n/a", []),
    ],
)
def test_a_cell_beside_those_who_were_rung_says_who_answered(
    cell: str, replies: str, lines: list[str]
) -> None:
    assert list(match_replies(cell, replies)) == lines


@over(
    ("text", "tells"),
    [
        ("Given Mrs B's tablets by mistake", True),
        ("HB missed risperidone at 8am", True),
        ("MB hit by another resident", True),
        ("Tom punched KL in the arm", True),
        ("Nearly given wrong tablets, spotted in time", False),
        ("Stop button hit by Mr L", False),
        ("KT hit out at staff", False),
        ("given his tablets by Tom's mum", False),
    ],
)
def test_a_blow_and_a_medicine_amiss_are_no_near_miss(text: str, tells: bool) -> None:
    assert bool(find_done(text)) == tells


def test_nobody_is_called_anonymous() -> None:
    assert not names_writer("anonymous")
    assert names_writer("k.adeyemi@example.org")
