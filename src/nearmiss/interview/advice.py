"""What is said to a carer: the gate and its help, advice after saving, and what to say by phone."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from nearmiss import words
from nearmiss.dates.shown import echo_day
from nearmiss.intake.clauses import read_line, read_phrases
from nearmiss.intake.harm import find_harm
from nearmiss.model.entries import ReportFields
from nearmiss.model.questions import ANSWERS
from nearmiss.records.informed import NO_PROTECTOR, lacks_protector
from nearmiss.records.record import Record
from nearmiss.speech import join_words, say
from nearmiss.terminal.asking import (
    SURE,
    Asker,
    Choice,
    GoBack,
    Sure,
    ask_yes_no,
    find_sure,
    say_whole,
)
from nearmiss.text import begin_sentence, end_sentence, shorten, show_safely
from nearmiss.words import read_words

Gate = Literal["unhurt", "perhaps hurt", "not sure", "stop"]
HURT: tuple[str, ...] = ("perhaps hurt", "not sure")  # after these it is an incident
ASKED = "unhurt, asked twice"  # also where the carer's own words were of harm
GATES: dict[Sure, Gate] = {"yes": "perhaps hurt", "no": "unhurt", "not sure": "not sure"}


def pass_gate(asker: Asker, earlier: str = "") -> Gate:
    """Ask whether somebody was hurt (``earlier`` was the answer), and say what to do first."""
    gate = read_words("gate")
    stood = next(
        (sure for sure, passed in GATES.items() if passed == earlier.partition(",")[0]), ""
    )
    chosen = find_sure(stood)
    asked = Choice(gate["question"], SURE, gate["question_help"], chosen=chosen, in_a_row=True)
    asked = replace(asked, on_paste=gate["on_paste"])
    while True:
        sure = asker.choose(asked)
        if sure == "no":
            say(gate["no"])
            return "unhurt"
        try:
            goes_on = offer_help(asker)
        except GoBack:
            asked = replace(asked, chosen=find_sure(sure))
        else:
            return GATES[sure] if goes_on else "stop"


def offer_help(asker: Asker) -> bool:
    """Say what to do first where somebody is hurt; return whether it is written down now."""
    # The last of it, the 999 list, stands beside the question: the eye still has it.
    gate = read_words("gate")
    say_whole(asker, words.gate_help(), (gate["go_on"], gate["go_on_help"]), can_go_back=True)
    return ask_yes_no(asker, gate["go_on"], gate["go_on_help"], can_go_back=True)


OF_NEAR_MISS = ("what_nearly_happened", "how_prevented", "immediate_action")


def list_harm(answers: Mapping[str, Any]) -> list[str]:
    """Return the carer's own words that tell of harm in what is written as a near miss, quoted."""
    texts = [str(answers.get(field, "")) for field in OF_NEAR_MISS]
    return [f'"{show_safely(each)}"' for text in texts if text for each in find_harm(text)]


_LOOKED_AT = (*OF_NEAR_MISS, "what_happened", "injury")
_QUOTED = re.compile(r'"[^"\n]*"|“[^”\n]*”|‘[^’\n]*’(?!\w)|(?<!\w)\'[^\'\n]*\'(?!\w)')
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!Dr\.)\s+|\n+")


def hint_answers(answers: Mapping[str, Any]) -> list[str]:
    """Return the hints for the answers in which the carer tells what happened, each by its name."""
    return [
        f"{ANSWERS[field].title}. Wording: {hint}"
        for field in _LOOKED_AT
        for hint in find_hints(str(answers.get(field, "")))
    ]


def find_hints(text: str) -> list[str]:
    """Return one line that names the words in ``text`` to look at again; none where all is well.

    Words in quotation marks are the person's own, and a professional's are left alone too.
    """
    phrases, spelling = read_phrases("hints")
    named: dict[str, str] = {}
    for sentence in _SENTENCE_END.split(_QUOTED.sub(" ", text)):
        line = read_line(sentence, spelling)
        words = phrases.blank("innocent", line.words)
        for found in () if any(phrases.find("excused", words)) else phrases.find("suspect", words):
            quoted = line.quote(found.first, found.end)
            named.setdefault(quoted.casefold(), f'"{quoted}"')
    if not named:
        return []
    return [f"You wrote {join_words(list(named.values()))}. {read_words('hints')['say']}"]


_READ_OUT = 160  # characters of what happened that are read out on the telephone


def list_advice(record: Record, *, unhurt: bool, was_advised: bool) -> list[str]:
    """Return the paragraphs to say after saving ``record``, without what it resembles.

    ``unhurt`` where the carer said before that nobody was hurt; ``was_advised`` where what to do
    about a safeguarding worry was said at its question.
    """
    from nearmiss.documents.people import name_group  # after saving: the gate need not wait for it

    report = record.report
    paragraphs = list[str]()
    if not report.safeguarding and not record.informed:
        paragraphs += words.nobody_told_lines()
    elif record.is_incident and not any(name_group(each)[0] for each in record.informed):
        gate = read_words("gate")
        of_kind = [each["text"] for each in gate["help"] if each.get("about") == report.category]
        paragraphs += [gate["no_professional"], *(of_kind or words.nobody_told_lines())]
    paragraphs.append(_word_for_telephone(record, unhurt=unhurt))
    if lacks_protector(record):
        paragraphs.append(NO_PROTECTOR)
    if report.safeguarding and was_advised:
        paragraphs.append(read_words("advice")["safeguarding_reminder"])
    elif report.safeguarding:
        paragraphs += words.safeguarding_lines()
    return paragraphs


def _word_for_telephone(record: Record, *, unhurt: bool) -> str:
    report = record.report
    what = end_sentence(shorten(report.what, _READ_OUT))
    if record.is_incident:
        what += f" {end_sentence(shorten(report.outcome, _READ_OUT))}"
    told_unhurt = unhurt and not (record.is_incident or list_harm(report.model_dump()))
    return words.word_for_telephone(report.client, _say_when(report), what, unhurt=told_unhurt)


def _say_when(report: ReportFields) -> str:
    day, about = echo_day(report.occurred), "about " if report.occurred_approx else ""
    hour = f"at {about}{report.occurred:%H:%M} on {day}"
    said = f"on {day}, time not known" if report.hour_not_known else hour
    return f"Noticed {said}" if report.noticed else begin_sentence(said)
