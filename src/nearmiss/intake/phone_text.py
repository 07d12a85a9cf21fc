"""A text as a phone moved it over: what was written, without what phone or chat put round it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from nearmiss.intake.columns import AUTHOR, WRITTEN, find_field
from nearmiss.intake.phone_answers import (
    FIELDS,
    HUM,
    fold,
    is_time,
    looks_like_client,
    read_phone_words,
)
from nearmiss.intake.phone_labels import HELP, find_known, find_question, is_help, list_words
from nearmiss.intake.phone_marks import LABEL, NUMBER, find_marks
from nearmiss.text import join_lines

_SENT = re.compile(
    r"^\W*?(?:\[(?P<at>\d[^\]\n]{3,28})\]\s*|(?P<or>\d{1,4}[/.-]\d\d?[/.-]\d{2,4},?\s\d\d?[:.]\d\d"
    r"(?:[:.]\d\d)?(?:\s?[ap]\.?m\.?)?)\s+[-–]\s+)(?P<who>[^:\n]{1,60}?):(?:\s|$)",
    re.I,
)
_RULE = re.compile(r"\s*[-–—_=*~.#]{3,}\s*\Z")
_MAIL = re.compile(r"^\W*(from|sent|to|cc|date|subject)\s*:\s*(.*)$", re.I)
ASIDE = "\ue000"  # stands for what somebody else wrote
_UNSEEN = re.compile("[\ue000\u00ad\u061c\u180e\u200b-\u200f\u2060-\u2069\u202a-\u202e\ufeff]")
_SHAPES = str.maketrans(
    {"’": "'", "‘": "'", "\u2028": "\n", "\u2029": "\n", "\u00a0": " ", "\u202f": " "}
    | {chr(0x2460 + at): f"{at + 1} " for at in range(10)}
    | {"🔟": "10 ", "\ufe0f": "", "\u20e3": " "}
)


@dataclass
class Cleaned:
    """A text without what the telephone put around it: what that says is claimed, or kept."""

    text: str = ""
    claims: list[tuple[int, str]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def take(self, line: str) -> str:
        """Return what belongs to the answers of a line."""
        head, _, said = line.partition(":")
        if said.strip() and find_field(head) in (WRITTEN, AUTHOR):
            self.claims.append((len(self.text), join_lines(line.strip())))
        elif said and find_field(re.sub(r"^\W*\d+\s", "", head)) == "injury":
            self.kept.append(line.strip())
        elif not _RULE.match(line) and not _is_noise(line):
            return line
        return ""

    def list_claims(self, first: int, end: int) -> list[str]:
        """Return what is claimed of what stands between two places of the text.

        A message goes on until the next one: it was sent when its head says, or that before it.
        """
        sent = [each for each in self.claims if each[0] < end and each[1].startswith("sent ")]
        heads = [claim for at, claim in sent if at <= first][-1:] or [claim for _, claim in sent]
        own = [claim for at, claim in self.claims if first <= at < end]
        return [*heads[:1], *dict.fromkeys(each for each in own if not each.startswith("sent "))]


def clean_text(text: str) -> Cleaned:
    """Return a text as it was written, without the telephone's own lines and signs."""
    text = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).translate(_SHAPES)
    text = re.sub(r"[ \t]{4,}", "   ", re.sub(r"(?:[ \t]*\n){3,}", "\n\n", text))
    text = "\n".join(map(str.rstrip, _write_spoken(text).split("\n")))
    text = _join_heads(text)
    text = re.sub(r"(?<!\w)(\*{1,2})([^*\n]+)\1(?!\w)", r"\2", text)  # what is shown in bold
    if len(_COUNTED.findall(text)) >= _FORM:
        text = _COUNTED.sub("", text)
    text = re.sub(r"\n{3,}", "\n\n", text)
    for each in " ".join(read_phone_words("guide")).split(". "):
        text = text.replace(each.rstrip("."), "")
    text = HELP.sub(lambda found: " " if is_help(found[1]) else found[0], text)
    text = _part_lines(_part_numbers(text))
    text = re.sub(r"(?:(?<=[ \t]{2})|(?<=\t))(?=\d\d?[.):]?\s)", "\n", text)
    return _take_messages(text)


# Lines

_NEXT = (
    r"\b(?:and )?(?:next|second|third|another|last) (?:one|report|near miss)\W+"
    r"(?=(?:number|one|1|who|when|where|what)\b)|^\W*\d(?:st|nd|rd|th)\W+(?=who\b)"
)


def _write_spoken(text: str) -> str:
    """Return a dictated text with the marks that were said in words."""
    if "\n" not in text.strip():
        text = re.sub(r"\bnew ?line\b,?", "\n", text, flags=re.I)
    text = re.sub(r"\s+new ?line[.,]?\s*$", "", text, flags=re.I | re.M)
    if len(re.findall(r"\b(?:full stop|comma|new ?line)\b", text, re.I)) > 1:
        text = re.sub(r"\bnew ?line\b[.,]?", "\n", text, flags=re.I)
        for said, mark in (("full stop", "."), ("comma", ",")):
            text = re.sub(rf"\s+{said}\b", mark, text, flags=re.I)
    return re.sub(_NEXT, "\n\n", text, flags=re.I | re.M)


_COUNTED = re.compile(
    r"^\W*(?:no|nr|number|line|question|q)\b\.?\s*(?=(?:10|[1-9])\b)", re.I | re.M
)
_GLUED = re.compile(r"^([^\w\n]*)(10|[1-9])(?=[^\W\d_])", re.M)
_FORM = 5  # answers of a form that is filled in


def _part_numbers(text: str) -> str:
    """Return a text with a space behind the numbers of its lines: "1MB", "2Wed night"."""
    is_form = len({each[2] for each in _GLUED.finditer(text)}) >= _FORM
    return _GLUED.sub(r"\1\2 ", text) if is_form else text


_SEPARATORS = r"\s*;\s+", r"\s+[/|]\s+", r"[ \t]{2,}|\t", r"\s+[-–—]\s+"
_BEHIND = re.compile(r"\s+(?:\(([^()\n]+)\)[.,;]*|[-–—] ([^-–—\n]+)$)")


def _part_lines(text: str) -> str:
    """Return a text with each answer on a line of its own, and each label before its answer."""
    lines = [part for line in text.split("\n") for part in _part_line(_lift_labels(line))]
    return "\n".join(lines)


def _part_line(line: str) -> list[str]:
    """Return a line that holds a whole report in its parts, else as it is."""
    for each in _SEPARATORS:
        parts = re.split(each, line.strip())
        is_form = looks_like_client(parts[0]) or sum(map(_is_begun, parts)) >= _FORM
        if len(parts) > _FORM and is_form:
            return parts
    return [line]


def _is_begun(part: str) -> bool:
    """Whether something begins as an answer of the form does: with a number, or a label."""
    return bool(re.match(r"\W*\d", part) or find_known(part, list_words(part), 0))


def _lift_labels(line: str) -> str:
    """Return a line with each label of the guide before its answer: "hall (where)", or several."""
    found = [each for each in _BEHIND.finditer(line) if find_question(each[1] or each[2])]
    if not found or re.search(r"\w", line[found[-1].end() :]):
        return line
    lifted, at = [], 0
    for each in found:
        label = (each[1] or each[2]).strip(" ?:")
        number = FIELDS.index(find_question(label)) + 1
        said = line[at : each.start()]
        own = len((re.match(rf"\W*(?:{number}\b\W+)?", said) or [""])[0])
        if not said[own:]:  # the label stands before its answer
            return line
        lifted.append(f"{said[:own]}{label}: {said[own:]}")
        at = each.end()
    return "\n".join(lifted)


# Messages

_HEAD = re.compile(
    r"^(?P<who>[^\W\d_][^:\n]{0,40}?),?\s+(?P<at>\d\d?[:.]\d\d(?:\s?[ap]\.?m)?)\n(?=.*\w)",
    re.M | re.I,
)
_FEWEST_HEADS = 3


def _join_heads(text: str) -> str:
    """Return a conversation with who wrote each message, and when, in the line of what it says.

    That is a line of its own, "Maria  18:03", above each message.
    """
    heads = [
        each["who"]
        for each in _HEAD.finditer(text)
        if not (find_question(each["who"]) or is_time(f"{each['who']} {each['at']}"))
    ]
    names = {*heads} if any(heads.count(each) >= _FEWEST_HEADS for each in heads) else {""}
    return _HEAD.sub(
        lambda each: f"[{each['at']}] {each['who']}: " if each["who"] in names else each[0], text
    )


def _take_messages(text: str) -> Cleaned:
    """Return what the carer wrote; what others did is kept, and what the heads say claimed."""
    clean, is_mail = Cleaned(), bool(re.search(r"^\W*subject\s*:", text, re.M | re.I))
    spoken = _list_spoken(text)
    own = _list_own(spoken)
    for who, line in spoken:
        left = line
        if sent := _find_sender(line):
            said = join_lines(f"sent {sent['at'] or sent['or']} by {sent['who']}")
            left = line[sent.end() :]
            if who in own:
                clean.claims.append((len(clean.text), said))
        if who and who not in own:
            clean.kept.append(f"{who}: {left}")
            left = ASIDE
        elif is_mail and (mail := _MAIL.match(line)):
            clean.claims.append((len(clean.text), join_lines(f"{mail[1].lower()}: {mail[2]}")))
            left = ""
        clean.text += f"{clean.take(left)}\n"
    return clean


def _find_sender(line: str) -> re.Match[str] | None:
    """Return when a message was sent and by whom, with which a line begins."""
    sent = _SENT.match(line)
    return sent if sent and not find_question(sent["who"]) else None


def _list_spoken(text: str) -> list[tuple[str, str]]:
    """Return each line with who wrote it in a conversation, nobody where it is none."""
    who, spoken = "", []
    for line in text.split("\n"):
        who = sent["who"] if (sent := _find_sender(line)) else who
        spoken.append((who, line))
    return spoken


_MANY = 4  # lines that one of several filled in for a report of her own


def _list_own(spoken: Sequence[tuple[str, str]]) -> set[str]:
    """Return who of a conversation filled in the lines: one, or each who filled in many."""
    said: dict[str, list[str]] = {}
    for who, line in spoken:
        said.setdefault(who, []).append(_SENT.sub("", line))
    if len(said) == 1:
        return {*said}
    filled = {who: _count_filled("\n".join(lines)) for who, lines in said.items()}
    most = max(filled, key=lambda who: filled[who])
    return {most} | {who for who, count in filled.items() if count >= _MANY}


def _count_filled(text: str) -> int:
    """Return how many plain labels begin a line and have something behind them."""
    marks = [each for each in find_marks(text) if each.begins and each.kind in (LABEL, NUMBER)]
    return len({each.start for each in marks if text[each.end :].partition("\n")[0].strip()})


_LONGEST_NOISE = 200


def _is_noise(line: str) -> bool:
    """Whether a line is a heading, or the telephone's own."""
    noise = read_phone_words("noise")
    line = line[: _LONGEST_NOISE + 1]
    bare = fold(HUM.sub("", re.sub(r"\d+", "", line)))
    if len(line) > _LONGEST_NOISE or (line.strip().isupper() and len(bare) <= len("MB")):
        return False
    is_own = any(bare.startswith(fold(each)) for each in noise["notice"])
    return is_own or bare in {fold(each) for kind in ("heading", "footer") for each in noise[kind]}
