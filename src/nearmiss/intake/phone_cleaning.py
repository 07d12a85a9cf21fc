"""A text as a phone moved it over: what was written, without what phone or chat put round it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from nearmiss.intake.columns import AUTHOR, WRITTEN, find_field
from nearmiss.intake.phone_answers import HUM, fold, read_phone_words
from nearmiss.intake.phone_labels import HELP, find_marks, is_help, is_of_guide
from nearmiss.text import join_lines

_SENT = re.compile(
    r"^\W*?(?:\[(?P<at>\d[^\]\n]{5,28})\]\s*|(?P<or>\d{1,4}[/.-]\d\d?[/.-]\d{2,4},?\s\d\d?[:.]\d\d"
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


_NEXT = (
    r"\b(?:and )?(?:next|second|third|another|last) (?:one|report|near miss)\W+"
    r"(?=(?:number|one|1|who|when|where|what)\b)"
)


_LONGEST_NOISE = 200
_MANY = 4  # lines that one of several filled in for a report of her own


def _is_noise(line: str) -> bool:
    """Whether a line is a heading, or the telephone's own."""
    noise = read_phone_words("noise")
    line = line[: _LONGEST_NOISE + 1]
    bare = fold(HUM.sub("", re.sub(r"\d+", "", line)))
    if len(line) > _LONGEST_NOISE or (line.strip().isupper() and len(bare) <= len("MB")):
        return False
    is_own = any(bare.startswith(fold(each)) for each in noise["notice"])
    return is_own or bare in {fold(each) for kind in ("heading", "footer") for each in noise[kind]}


def _write_spoken(text: str) -> str:
    """Return a dictated text with the marks that were said in words."""
    if "\n" not in text.strip():
        text = re.sub(r"\bnew ?line\b,?", "\n", text, flags=re.I)
    for said, mark in (("full stop", "."), ("comma", ",")):
        if len(re.findall(rf"\b{said}\b", text, re.I)) > 1:
            text = re.sub(rf"\s+{said}\b", mark, text, flags=re.I)
    return re.sub(_NEXT, "\n\n", text, flags=re.I)


_AT_END = re.compile(
    r"^([^\w\n]*(?:\d\d?[^\w\n]+)?)(\w.*?) (?:\(([^()\n]+)\)|[-–—] ([^-–—\n]+))$", re.M
)


def _lift_label(found: re.Match[str]) -> str:
    """Return a line with the label of the guide that ends it, "hall (where)", before it."""
    label = found[3] or found[4]
    return f"{found[1]}{label.strip(' ?:')}: {found[2]}" if is_of_guide(label) else found[0]


def clean_text(text: str) -> Cleaned:
    """Return a text as it was written, without the telephone's own lines and signs."""
    text = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).translate(_SHAPES)
    text = "\n".join(map(str.rstrip, _write_spoken(text).split("\n")))
    text = re.sub(r"(?<!\w)\*([^*\n]+)\*(?!\w)", r"\1", text)  # what a chat shows in bold
    text = re.sub(r"\n{3,}", "\n\n", text)
    for each in " ".join(read_phone_words("guide")).split(". "):
        text = text.replace(each.rstrip("."), "")
    text = HELP.sub(lambda found: " " if is_help(found[1]) else found[0], text)
    text = _AT_END.sub(_lift_label, text)
    text = re.sub(r"(?:(?<=[ \t]{2})|(?<=\t))(?=\d\d?[.):]?\s)", "\n", text)
    clean, is_mail = Cleaned(), bool(re.search(r"^\W*subject\s*:", text, re.M | re.I))
    spoken = _list_spoken(text)
    own = _list_own(spoken)
    for who, line in spoken:
        left = line
        if sent := _SENT.match(line):
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


def _list_spoken(text: str) -> list[tuple[str, str]]:
    """Return each line with who wrote it in a conversation, nobody where it is none."""
    who, spoken = "", []
    for line in text.split("\n"):
        who = sent["who"] if (sent := _SENT.match(line)) else who
        spoken.append((who, line))
    return spoken


def _list_own(spoken: Sequence[tuple[str, str]]) -> set[str]:
    """Return who of a conversation filled in the lines: one, or each who filled in many."""
    said: dict[str, list[str]] = {}
    for who, line in spoken:
        said.setdefault(who, []).append(_SENT.sub("", line))
    if len(said) == 1:
        return {*said}

    powers = {who: _weigh_filled("\n".join(lines)) for who, lines in said.items()}
    return {max(powers, key=lambda who: sum(powers[who]))} | {
        who for who, each in powers.items() if len(each) >= _MANY
    }


def _weigh_filled(text: str) -> list[float]:
    """Return what speaks for each label that begins a line and has something behind it."""
    marks = [each for each in find_marks(text) if each.begins]
    return [each.power for each in marks if text[each.end :].partition("\n")[0].strip()]
