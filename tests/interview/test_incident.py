"""An incident: by the gate, by the carer's own words, by options; and who was told, or tried."""

import json
from pathlib import Path
from typing import Any

import pytest

from nearmiss.commands.sitting import hold_sitting
from nearmiss.session import Session
from tests.conftest import Run
from tests.interview.carer import BACK, STOP, Answer, Carer
from tests.interview.terminal import name_carer

WHO = [("Who was it?", "MB"), ("When did it happen?", "now"), ("Where?", "hall")]
UNHURT, HURT = [("Was anyone hurt", "n")], [("Was anyone hurt", "y"), ("Write it down now?", "y")]
NEAR = [("What nearly happened?", "His foot slid on the rug."), ("What stopped it?", "Luck.")]
FELL = [("What happened?", "He fell."), ("Who was hurt", "He says his wrist hurts.")]
DID = [("straight away?", "Sat with him.")]
TOLD = [("worried that", "n"), ("Who have you told?", "daughter, phone")]
REST = [("stop it happening", "none"), ("Which kind", "1")]
SAVE = [("Save this report?", "s"), ("What next?", "4")]


@pytest.fixture(autouse=True)
def carer(home: Path) -> Path:
    name_carer(home)
    return home


def hold(answers: list[Answer], **given: Any) -> Carer:
    """Hold a sitting with these answers, in a session of its own."""
    session, script = Session(), Carer(*answers)
    session.asker = script
    try:
        hold_sitting(session, given, None, skip_review=False)
    finally:
        script.finish()
    return script


def stop(answers: list[Answer], **given: Any) -> None:
    with pytest.raises(KeyboardInterrupt):
        hold(answers, **given)


def read(run: Run) -> Any:
    return run("list", "--json").rows[0]


def read_draft(home: Path) -> Any:
    (draft,) = (home / "state" / "drafts").glob("*.json")
    return json.loads(draft.read_bytes())


@pytest.mark.usefixtures("usual_day")
def test_the_gate_leads_to_an_incident(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    script = hold([*HURT, *WHO, *FELL, *DID, *TOLD, *REST, *SAVE])
    said = " ".join(capsys.readouterr().err.split())
    row = read(run)
    assert row["entry"] == "incident"
    assert (row["what_happened"], row["injury"]) == ("He fell.", "He says his wrist hurts.")
    assert "what_nearly_happened" not in row
    assert "At 09:00 on" in said
    assert "He fell. He says his wrist hurts. I am asking for..." in said
    assert "Nobody was hurt" not in said
    assert "near miss" not in said.casefold()
    reviewed = [each.label for each in script.find("Save this report?").options]
    assert "What happened: He fell." in reviewed
    assert "Injury and help: He says his wrist hurts." in reviewed
    assert script.find("What happened?").progress == "4 of 10"


def test_an_incident_that_was_left_is_gone_on_with_as_one(run: Run, carer: Path) -> None:
    stop([*HURT, *WHO, FELL[0], ("Who was hurt", STOP)])
    assert read_draft(carer)["what_happened"] == "He fell."
    hold([("Go on with it?", "y"), FELL[1], *DID, *TOLD, *REST, *SAVE])
    assert read(run)["entry"] == "incident"


def test_back_at_the_gate_a_near_miss_becomes_an_incident_and_loses_nothing(run: Run) -> None:
    stop([*UNHURT, *WHO, *NEAR, ("straight away?", STOP)])
    begun = [("Go on with it?", "n")]
    stop([*begun, *UNHURT, ("Who was it?", BACK), *HURT, ("Who was it?", STOP)])
    given = {"what_nearly_happened": "He fell.", "how_prevented": "I held him."}
    script = hold([*begun, *HURT, *WHO, FELL[1], *DID, *TOLD, *REST, *SAVE], **given)
    asked = script.find("Who was hurt")
    assert (asked.typed, asked.earlier) == ("", "")
    assert asked.help.endswith("You wrote of what stopped it: I held him.")
    assert read(run)["what_happened"] == "He fell."


CUT = [("What nearly happened?", "He slid and cut his head.")]
ASKED = 'You wrote "cut his head". Was anyone hurt?'


def test_words_of_harm_in_a_near_miss_are_asked_about_and_make_an_incident(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    hurt = [(ASKED, "u"), ("Write it down now?", "y")]
    hold([*UNHURT, *WHO, *CUT, *hurt, FELL[1], *DID, *TOLD, *REST, *SAVE])
    row = read(run)
    assert (row["entry"], row["what_happened"]) == ("incident", "He slid and cut his head.")
    assert "999: not breathing" in capsys.readouterr().err


def test_where_nobody_was_hurt_it_stays_a_near_miss_and_is_asked_once(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    plaster = [("straight away?", "Put a plaster on his bleeding head.")]
    hold([*UNHURT, *WHO, *CUT, (ASKED, "n"), NEAR[1], *plaster, *TOLD, *REST, *SAVE])
    assert read(run)["entry"] == "report"
    assert "Nobody was hurt that I could see" not in capsys.readouterr().err
    assert "No later harm" not in run("show").out


def test_asked_once_even_where_the_report_was_left(run: Run) -> None:
    stop([*UNHURT, *WHO, *CUT, (ASKED, "n"), ("What stopped it?", STOP)])
    hold([("Go on with it?", "y"), NEAR[1], *DID, *TOLD, *REST, *SAVE])
    assert read(run)["entry"] == "report"


def test_killed_at_that_question_it_is_asked_before_saving(run: Run) -> None:
    stop([*UNHURT, *WHO, *CUT, (ASKED, STOP)])
    rest = [NEAR[1], (ASKED, "n"), *DID, *TOLD, *REST, *SAVE]
    hold([("Go on with it?", "y"), *rest])
    assert read(run)["entry"] == "report"


def test_what_stopped_it_is_not_the_injury(run: Run) -> None:
    hurt: list[Answer] = [("You wrote", "y"), ("Write it down now?", "y"), FELL[1]]
    late = [("straight away?", "He was bleeding, I put a plaster on the cut.")]
    hold([*UNHURT, *WHO, *NEAR, *late, *hurt, *TOLD, *REST, *SAVE])
    row = read(run)
    assert (row["entry"], row["injury"]) == ("incident", FELL[1][1])


def test_going_back_from_there_leads_to_the_words_and_keeps_every_answer(run: Run) -> None:
    hurt: list[Answer] = [("You wrote", "y"), ("Write it down now?", BACK), ("You wrote", BACK)]
    hold([*UNHURT, *WHO, *CUT, *hurt, *NEAR, *DID, *TOLD, *REST, *SAVE])
    row = read(run)
    assert (row["entry"], row["how_prevented"]) == ("report", "Luck.")


def test_going_back_from_the_injury_keeps_what_stopped_it(run: Run) -> None:
    late = [("straight away?", "He was bleeding, I put a plaster on the cut.")]
    hurt: list[Answer] = [("You wrote", "y"), ("Write it down now?", "y"), ("Who was hurt", BACK)]
    hold([*UNHURT, *WHO, *NEAR, *late, *hurt, ("You wrote", "n"), *TOLD, *REST, *SAVE])
    row = read(run)
    assert (row["entry"], row["how_prevented"]) == ("report", "Luck.")


def test_help_first_and_the_record_waits_as_an_incident(run: Run, carer: Path) -> None:
    stop([*UNHURT, *WHO, *CUT, (ASKED, "y"), ("Write it down now?", "n")])
    assert read_draft(carer)["what_happened"] == "He slid and cut his head."
    hold([("Go on with it?", "y"), FELL[1], *DID, *TOLD, *REST, *SAVE])
    assert read(run)["entry"] == "incident"


WORRY = [("worried that", "u"), ("Who have you told?", "daughter, phone")]


def test_who_was_told_of_the_worry_is_asked_where_there_is_one(run: Run) -> None:
    told = [("Who have you told of this worry?", "adult social care, phone, ref 4471")]
    script = hold([*UNHURT, *WHO, *NEAR, *DID, *WORRY, *told, *REST, *SAVE])
    assert read(run)["concern_informed"] == ["adult social care, phone, ref 4471"]
    assert script.find("of this worry").progress == "The worry"


def test_nobody_told_of_the_worry_is_kept_as_that_and_goes_with_the_worry(run: Run) -> None:
    nobody = [("Who have you told of this worry?", "nobody yet")]
    hold([*UNHURT, *WHO, *NEAR, *DID, *WORRY, *nobody, *REST, *SAVE])
    assert read(run)["concern_informed"] == []
    assert "Told of the concern: Nobody told yet, as written" in run("show").out
    away = [("Save this report?", "7"), ("worried that", "n")]
    hold(
        [
            *UNHURT,
            ("Who was it?", "KT"),
            *WHO[1:],
            *NEAR,
            *DID,
            *WORRY,
            *nobody,
            *REST,
            *away,
            *SAVE,
        ]
    )
    assert "concern_informed" not in read(run)


def test_a_worry_that_comes_at_the_review_asks_who_was_told_of_it(run: Run) -> None:
    late = [("Save this report?", "7"), ("worried that", "y"), ("of this worry", "council, phone")]
    hold([*UNHURT, *WHO, *NEAR, *DID, *TOLD, *REST, *late, *SAVE])
    assert read(run)["concern_informed"] == ["council, phone"]


def test_who_was_not_reached_is_asked_about_and_goes_to_tried(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    told = [("worried that", "n"), ("Who have you told?", "son, phone\nGP, phone, no answer")]
    missed = [('"GP, phone, no answer". Did you reach them?', "n")]
    hold([*UNHURT, *WHO, *NEAR, *DID, *told, *missed, *REST, *SAVE])
    row = read(run)
    assert (row["informed"], row["tried"]) == (["son, phone"], ["GP, phone, no answer"])
    assert "Noted as tried, not as told: GP, phone, no answer" in capsys.readouterr().err


def test_tried_alone_is_nobody_told(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    told = [("worried that", "n"), ("Who have you told?", "council, phone, no answer")]
    hold([*UNHURT, *WHO, *NEAR, *DID, *told, ("Did you reach", "n"), *REST, *SAVE])
    assert read(run)["informed"] == []
    said = capsys.readouterr().err
    assert "nobody yet" in said
    assert "When in doubt, escalate." in said


GIVEN = (
    "--client=MB",
    "--when=now",
    "--where=hall",
    "--what=He slid",
    "--action=Looked",
    "--category=mobility",
)


def test_without_a_terminal_words_alone_decide_and_it_is_said(run: Run) -> None:
    done = run("log", *GIVEN, "--prevented=Luck", "--informed=GP, phone, no answer")
    assert done.code == 0
    assert "tried" in done.err
    row = read(run)
    assert (row["informed"], row["tried"]) == ([], ["GP, phone, no answer"])
    mixed = run("log", *GIVEN, "--prevented=Luck", f"--informed={BOTH}")
    assert mixed.code == 2
    assert "--tried" in mixed.err
    assert len(run("list", "--json").rows) == 1


BOTH = "left a message for the son, then told the daughter"


def test_json_and_follow_ups_are_sorted_alike(run: Run) -> None:
    row = {
        "client": "MB",
        "occurred_at": "2026-04-02T20:15",
        "location": "hall",
        "what_nearly_happened": "x",
        "how_prevented": "x",
        "immediate_action": "x",
        "category": "mobility",
    }
    line = json.dumps(row | {"informed": ["nurse, left message"], "safeguarding": True})
    done = run("log", "--json", "-", given=line)
    assert "nurse, left message" in done.err
    assert read(run)["tried"] == ["nurse, left message"]
    refused = run("log", "--json", "-", given=json.dumps(row | {"informed": [BOTH]}))
    assert refused.code == 2
    assert "line 1, informed" in refused.err
    later = run("follow-up", "last", "--informed=council, engaged", "--told-of=concern")
    assert later.code == 0, later.err
    assert read(run)["informed"] == []
    assert run("follow-up", "last", f"--informed={BOTH}").code == 2
    wrong = run("correct", "last", "--informed=council, no answer", "--reason=Forgotten")
    assert wrong.code == 2
    assert "--tried" in wrong.err


def test_who_was_reached_by_the_carers_own_word_stays_told(run: Run, carer: Path) -> None:
    told = [("worried that", "n"), ("Who have you told?", "nurse, left message")]
    reached = [("Did you reach", "y"), *REST, ("Save this report?", "d")]
    hold([*UNHURT, *WHO, *NEAR, *DID, *told, *reached])
    (draft,) = (carer / "state" / "drafts").glob("*.json")
    kept = {name: each for name, each in json.loads(draft.read_bytes()).items() if name != "gate"}
    assert run("log", "--json", "-", given=json.dumps(kept)).code == 0
    row = read(run)
    assert (row["informed"], row["tried"]) == (["nurse, left message"], []), "it was asked"
    assert "Was anybody reached?" not in run().out


def test_what_is_still_to_be_done_is_asked_about_and_kept_as_not_told_yet(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    told = [
        *[("worried that", "n"), ("Who have you told?", "GP, will ring later\nson, phone")],
        ("Did you reach", "n"),
    ]
    hold([*UNHURT, *WHO, *NEAR, *DID, *told, *REST, *SAVE])
    row = read(run)
    assert (row["informed"], row["tried"]) == (["son, phone"], ["GP, will ring later"])
    assert "Noted as not told yet: GP, will ring later" in capsys.readouterr().err


def test_what_is_still_to_be_done_stands_beside_those_tried_where_nobody_is_asked(
    run: Run,
) -> None:
    done = run("log", *GIVEN, "--prevented=Luck", "--informed=GP, will ring later")
    assert 'kept beside those tried: "GP, will ring later"' in done.err
    shown = " ".join(run("show").out.split())
    assert "Not reached yet: GP, will ring later" in shown


def test_an_incident_by_options(run: Run) -> None:
    done = run("log", *GIVEN, "--incident", "--injury=A bruise on the left knee.")
    assert done.code == 0, done.err
    assert read(run)["entry"] == "incident"
    refused = run("log", *GIVEN, "--incident", "--injury=A bruise", "--prevented=Luck")
    assert refused.code == 2


def test_a_near_miss_of_harm_is_told_where_nobody_can_be_asked(run: Run) -> None:
    given = [each for each in GIVEN if not each.startswith("--what")]
    done = run("log", *given, "--what=MB fell to the floor and cut his head", "--prevented=Luck")
    said = " ".join(done.err.split())
    assert done.code == 0
    assert 'You wrote "fell to the floor" and "cut his head".' in said
    assert "--incident" in said
    assert read(run)["entry"] == "report"
    assert "No later harm" not in run("show").out
    assert "No later harm" not in run("print", "--format=txt", "-o", "-").out


def test_incident_as_an_option_shows_help_first(run: Run) -> None:
    begun = [("Write it down now?", "y")]
    hold([*begun, *WHO, *FELL, *DID, *TOLD, *REST, *SAVE], entry="incident")
    assert read(run)["entry"] == "incident"


def test_an_incident_is_put_right_in_its_own_words(run: Run) -> None:
    right = [("What next?", "1"), ("Which answer is wrong?", "5"), ("Who was hurt", "None seen.")]
    right += [("Which answer is wrong?", "d"), ("Why is it corrected?", "Looked again")]
    ends = [("Save this report?", "s"), *right, ("What next?", "4")]
    hold([*HURT, *WHO, *FELL, *DID, *TOLD, *REST, *ends])
    assert read(run)["injury"] == "None seen."


def test_who_was_told_after_saving_is_asked_about_too(run: Run) -> None:
    later = [("What next?", "2"), ("Who have you told?", "GP, engaged"), ("Did you reach", "n")]
    ends = [("Save this report?", "s"), *later, ("What next?", "4")]
    nobody = [("worried that", "n"), ("Who have you told?", "nobody")]
    hold([*UNHURT, *WHO, *NEAR, *DID, *nobody, *REST, *ends])
    row = read(run)
    assert (row["informed"], row["tried"]) == ([], ["GP, engaged"])


DOSE = [("What nearly happened?", "She not get insulin evening dose.")]
ASKED_OF_DOSE = 'You wrote "not get insulin evening dose". Was anyone hurt?'


def test_words_of_a_dose_are_asked_about_as_the_gate_does(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    hurt = [(ASKED_OF_DOSE, "y"), ("Write it down now?", "y"), ("Who was hurt", "None seen.")]
    told = [TOLD[0], ("Who have you told?", "sister said ok")]
    kind = ("Which kind", "2")
    script = hold([*UNHURT, *WHO, *DOSE, *hurt, *DID, *told, REST[0], kind, *SAVE])
    assert "took a wrong medicine, missed one" in script.find(ASKED_OF_DOSE).help
    assert read(run)["entry"] == "incident"
    said = " ".join(capsys.readouterr().err.split()).partition("Saved.")[2]
    assert "No professional is noted as told" in said
    assert "pharmacist, GP or 111 now" in said


def test_one_who_was_reached_and_one_who_was_not_are_two_lines(run: Run) -> None:
    line = "daughter by phone 8h, she come; GP line busy 3 times"
    told = [TOLD[0], ("Who have you told?", line), ("As two lines?", "y"), ("Did you reach", "n")]
    hold([*UNHURT, *WHO, *NEAR, *DID, *told, *REST, *SAVE])
    row = read(run)
    assert row["informed"] == ["daughter by phone 8h, she come"]
    assert row["tried"] == ["GP line busy 3 times"]
