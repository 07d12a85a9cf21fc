"""What the columns of a sheet hold: by their heads where these say it, else to be asked."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache, cached_property, lru_cache
from itertools import chain, islice

from nearmiss.dates.shown import WEEKDAY_WORD
from nearmiss.intake.moments import NotRead, read_moment
from nearmiss.intake.people import find_person, name_person, names_role
from nearmiss.intake.values import FLAGS, find_entry, is_code, is_plain_no, is_plain_yes
from nearmiss.model.entries import BOOK_SEAL, LATER_COLUMNS
from nearmiss.model.questions import ANSWERS
from nearmiss.text import fold_text, show_safely
from nearmiss.words import read_words

IGNORE = "ignore"  # the field of a column that is not taken
KEPT = "kept"  # of one whose words stand beside the report, under its own head
DAY, CLOCK = "date", "time"  # two columns that say together when it happened
NUMBER, WRITTEN, AUTHOR = "id", "recorded_at", "recorded_by"  # what a sheet says of itself
CLAIMS = (NUMBER, WRITTEN, AUTHOR)
OUTCOME = "outcome"  # what stopped it of a near miss, the injury of an incident
WHY = "why it was left out"  # the last head of a sheet of what was left out
LISTS = ("informed", "tried", "concern_informed", "recommendations")
_SHARED = (*LISTS, "safeguarding")  # which every column that says them adds to: one yes is enough
WHAT = ("what_nearly_happened", "what_happened")
TEXTS = (*WHAT, "how_prevented", "injury", OUTCOME, "immediate_action")
JOINED = (*TEXTS, "location")
WHEN = ("occurred_at", DAY)
_SEVERAL = (*LISTS, *CLAIMS, *TEXTS, "client", "location")  # that more than one column may fill
FIELDS = (*ANSWERS, DAY, CLOCK, OUTCOME, *FLAGS, "entry", *CLAIMS, KEPT, IGNORE)
# What a carer's own columns may hold, in the order in which it is always offered.
OFFERED = (
    *("client", "occurred_at", DAY, CLOCK, "location", "what_happened", "how_prevented", "injury"),
    *(OUTCOME, "immediate_action", "safeguarding", "informed", "tried", "recommendations"),
    *("category", "entry", *CLAIMS, KEPT, IGNORE),
)
# What stands after a report's own fields in our own exports: it is told, and not taken.
LATER = frozenset((*LATER_COLUMNS, BOOK_SEAL))

_NAMES = {
    DAY: "Date",
    CLOCK: "Time",
    "what_happened": "What happened, or nearly",
    "what_nearly_happened": "What happened, or nearly",
    OUTCOME: "What came of it (what stopped it, or the injury)",
    "tried": "Tried, not reached",
    "occurred_approx": "About (yes or no)",
    "hour_not_known": "Time not known (yes or no)",
    "noticed": "Noticed then (yes or no)",
    "entry": "Near miss or incident",
    NUMBER: "Its number in the sheet",
    WRITTEN: "When it was written",
    AUTHOR: "Who wrote it",
    KEPT: "Something else: keep its words beside the report",
    IGNORE: "Leave this column out",
}


def name_field(field: str) -> str:
    """Return what a field is called where a carer reads it: ``Location``."""
    return _NAMES.get(field) or (ANSWERS[field].title if field in ANSWERS else field)


_MOST, _HALF, _FEW = 0.75, 0.5, 0.25  # of the cells
_FEW_WORDS = 5
_GLIMPSE = 30


@dataclass(frozen=True)
class Column:
    """One column: its head, and how often the first different cells stand below it."""

    head: str
    values: Mapping[str, int] = field(default_factory=dict)

    @property
    def filled(self) -> bool:
        """Whether anything stands in it."""
        return bool(self.values)

    @property
    def says_entry(self) -> bool:
        """Whether most of its cells say near miss or incident, or are ticks below such a head."""
        is_named = find_tick(self.head) is not None and self.says_ticks
        return is_named or (any(map(find_entry, self.values)) and self._has(is_code))

    def _has(self, is_so: Callable[[str], bool], most: float = _MOST) -> bool:
        """Whether most of its cells are so; a column of which none is known is of any kind."""
        fitting = sum(count for cell, count in self.values.items() if is_so(cell))
        return bool(self.values) and fitting >= most * sum(self.values.values())

    @property
    def says_names(self) -> bool:
        """Whether most of its cells may be names, and some stand there again."""
        is_again = len(self.values) < sum(self.values.values())
        return is_again and self.kind in ("codes", "words") and self._has(_is_name)

    @property
    def says_ticks(self) -> bool:
        """Whether most of its cells are answers or marks, as below the name of one to be told."""
        return self.kind == "answers" or self._has(lambda cell: cell[:1] in "✓✔✗✘", _HALF)

    @property
    def says_told(self) -> bool:
        """Whether its cells may say of somebody whether he was told."""
        return self.says_ticks or self._has(lambda cell: _TOLD.search(cell) is not None, _HALF)

    @property
    def says_days_alone(self) -> bool:
        """Whether its cells are days, none with an hour."""
        return self.kind == "days" and not any(map(_names_hour, self.values))

    @cached_property
    def kind(self) -> str:
        """What most of its cells are: days, clocks, answers, numbers, codes, words, or texts."""
        kinds = {"days": is_day, "clocks": is_clock, "answers": _is_answer, "numbers": _is_number}
        found = next((each for each, is_so in kinds.items() if self._has(is_so, _HALF)), "")
        short = "codes" if self._has(_is_code, _HALF) else "words"
        return found or (
            short if self._has(lambda cell: len(cell.split()) <= _FEW_WORDS) else "texts"
        )

    def may_hold(self, name: str) -> bool:
        """Whether what stands below a head can be what its words may mean."""
        if not self.values or name in (IGNORE, KEPT):
            return True
        if name in (*WHEN, WRITTEN):
            return self.kind == "days"
        if name == CLOCK:
            is_hour = self._has(_is_hour_of_four, _HALF)
            return is_hour or self.kind not in ("days", "answers", "texts", "numbers")
        if name in ("client", AUTHOR):
            is_number = self.kind == "numbers" and len(self.values) < sum(self.values.values())
            is_one = self.kind in ("codes", "words") or (is_number and name == "client")
            return is_one and not (name == "client" and self._has(_is_list, _FEW))
        if name in (*WHAT, "how_prevented", "immediate_action"):
            return self.kind in ("words", "texts")
        is_long = name == "location" and self.kind == "texts"
        is_when = self.kind in ("days", "clocks")
        return not (is_long or is_when) and (self.kind != "answers" or name in _ANSWERED)

    @property
    def shown(self) -> str:
        """The head and what stands below it, in a few words."""
        return f"{quote(self.head)} ({self.shown_samples})" if self.values else quote(self.head)

    @property
    def shown_samples(self) -> str:
        """What stands in it, such as: ``"MB", "KT"``."""
        return ", ".join(map(quote, islice(self.values, 2)))


# Fields that a yes or no may answer.
_ANSWERED = ("entry", "safeguarding", "injury", "informed", "tried", "outcome", *FLAGS)


def is_day(cell: str) -> bool:
    """Whether a cell holds a day, with its hour or without."""
    try:
        return bool(read_moment(cell))
    except NotRead:
        return False


def _names_hour(cell: str) -> bool:
    try:
        return read_moment(cell).clock is not None
    except NotRead:
        return False


def is_clock(cell: str) -> bool:
    """Whether a cell holds an hour alone."""
    return (
        re.fullmatch(r"\s*\d\d?[:.h]\d\d(?:[:.]\d\d)?\s*(?:[ap]\.?m\.?)?\s*", cell, re.I)
        is not None
    )


def _is_answer(cell: str) -> bool:
    return is_plain_yes(cell) or is_plain_no(cell)


def _is_number(cell: str) -> bool:
    return cell.strip(" #").isdecimal()


def _is_hour_of_four(cell: str) -> bool:
    """Whether a cell holds an hour in four digits: "0310"."""
    return re.fullmatch(r"\s*(?:[01]\d|2[0-3])[0-5]\d\s*", cell) is not None


def _is_list(cell: str) -> bool:
    """Whether a cell lists several, in a few words: "O, NK"."""
    return re.fullmatch(r"[^,;+]{1,20}(?:[,;+]\s?[^,;+]{1,20})+", cell) is not None


# An answer, or what became of trying.
_TOLD = re.compile(
    r"(?i)[✓✔]|^(?:n/?a|y|yes|no|n|x|-)\b|\b(?:told|rang|rung|informed|aware|referred|answer|pick|msg"
    r"|message|[lv]/?m|voicemail|attempted|tried|reply|emailed)\b"
)


def _is_code(cell: str) -> bool:
    """Whether a cell may be somebody's initials: ``MB``, ``M.B.``, ``MB2``."""
    return re.fullmatch(r"(?:[A-Z][. ]*){1,4}\d?", cell.strip()) is not None


def _is_name(cell: str) -> bool:
    """Whether a cell may be somebody's name: each word begins with a capital, and no role."""
    words = re.findall(r"[^\W\d_][\w'’.-]*", cell)
    are_capital = all(each[0].isupper() for each in words) and cell[:1].isalpha()
    return 0 < len(words) <= _FEW_WORDS and are_capital and not names_role(cell)


def quote(text: str) -> str:
    """Return a head or a cell in quotation marks, short enough for one line."""
    line = show_safely(" ".join(text.split()))
    return f'"{line[:_GLIMPSE].rstrip()}…"' if len(line) > _GLIMPSE else f'"{line}"'


@lru_cache(8192)
def normalise(head: str) -> str:
    """Return a head as it is compared: without brackets, numbers before it, marks, or short forms.

    ``Q3. Who was it about? (initials only)`` is ``who was it about``; ``GPInformedYN`` is
    ``gp informed``.
    """
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", head)
    folded = fold_text(parted).replace("’", "'")
    folded = re.sub(r"\([^)]*\)|\[[^]]*\]", " ", folded)
    folded = re.sub(r"^\s*q?\d{1,2}\s*[.):]\s*|\by\s?/?\s?n\s*$", "", folded)
    short = read_words("heads")["short"]
    words = re.findall(r"[\w']+", folded.replace("_", " "))
    return " ".join(short.get(each, each) for each in words) or fold_text(head)


def find_tick(head: str) -> str | None:
    """Return what a tick below a head says, near miss or incident: "N/M", "Near miss (✓)"."""
    plain = re.sub(r"^(?:is|was) (?:it |this )?(?:an? )?", "", normalise(head))
    return find_entry(head.strip(" ?:")) or find_entry(plain)


def _list_own() -> dict[str, str]:
    """Return our own names, titles, questions and options, each with its field."""
    own = {normalise(name): name for name in FIELDS if name not in (IGNORE, KEPT)}
    for name, question in reversed(ANSWERS.items()):
        for said in (question.title, question.ask, question.option):
            own[normalise(said)] = name
    return own


@cache
def _list_known() -> dict[str, str]:
    lists = read_words("heads")["known"]
    said = {normalise(head): field for field, heads in lists.items() for head in heads}
    return _list_own() | said


def find_field(head: str) -> str | None:
    """Return the field that a head says plainly, IGNORE for a later fact of ours, or None."""
    plain = normalise(head)
    if plain.replace(" ", "_") in LATER or plain == WHY:
        return IGNORE
    known = _list_known()
    return known.get(plain) or known.get(fold_text(head).strip(" ?:"))


def find_sure_field(head: str) -> str | None:
    """Return it where nothing else could be meant in a sheet: "Initials" may be a carer's."""
    if normalise(head) in read_words("heads")["unsure"]:
        return None
    return find_field(head) or ("informed" if find_person(head) else None)


def denies_worry(head: str) -> bool:
    """Whether a head says that there was no worry: "Not a safeguarding matter"."""
    return _is_of("denied", head.partition("?")[0])


@lru_cache(8192)
def guess_fields(head: str) -> tuple[str, ...]:
    """Return the fields that a head may mean, the likeliest first."""
    if denies_worry(head) or _is_of("never", head):
        return ()
    return tuple(
        each for each in read_words("heads")["guess"] if each in FIELDS and _is_of(each, head)
    )


_OF_FORM = {"start time", "completion time", "email", "name"}  # what a form writes of itself


def match_columns(
    columns: Sequence[Column], chosen: Mapping[str, str], remembered: Mapping[str, str]
) -> list[str | None]:
    """Return the field of each column; None where nothing says it plainly.

    ``chosen`` is what the carer said of a head, ``remembered`` what she said of such a sheet
    before. What holds nothing is left out.
    """
    is_own = is_export([each.head for each in columns])
    is_form = {fold_text(each.head) for each in columns} >= _OF_FORM
    fields: list[str | None] = []
    for column in columns:
        said = chosen.get(column.head) or remembered.get(column.head)
        if said or not column.filled:
            fields.append(said or IGNORE)
        elif is_own:  # of others there are later facts, as our own workbook calls them
            found = find_sure_field(column.head)
            fields.append(IGNORE if normalise(column.head) == "status" else found or IGNORE)
        elif is_form and fold_text(column.head) == "name":
            fields.append(AUTHOR)  # who filled it in
        else:
            before = fields[-1] if fields else None
            found = _find_plain(column, before)
            if found == "entry" and "entry" in fields and column.says_ticks:
                found = KEPT  # the other of two columns with a tick in one
            fields.append(found or chosen.get("*"))
    open_ = [at for at, name in enumerate(fields) if name is None]
    if len(open_) == 1 and not {"client", AUTHOR} & {*fields}:
        fields[open_[0]] = find_field(columns[open_[0]].head)  # initials, of nobody else
    _keep_others(columns, fields, chosen)
    return fields


def _find_plain(column: Column, before: str | None) -> str | None:
    """Return the field of a column by its head, and by what cells alone can mean."""
    found = find_sure_field(column.head)
    if found in (None, "category") and column.says_entry:
        return "entry"
    is_reply = found is None and before == "informed" and adds_details(column.head)
    return "informed" if is_reply else found  # of the yes or no beside it


def _keep_others(
    columns: Sequence[Column], fields: list[str | None], chosen: Mapping[str, str]
) -> None:
    """Take no column for what another one was said to hold, nor weekdays beside the days."""
    said = {chosen[each.head] for each in columns if each.head in chosen}
    said |= {*WHEN} if said & {*WHEN} else set()
    when = [at for at, name in enumerate(fields) if name in WHEN]
    for at, column in enumerate(columns):
        is_other = fields[at] in said and fields[at] not in _SHARED
        is_weekday = at in when and len(when) > 1 and all(map(_WEEKDAY.fullmatch, column.values))
        if column.head not in chosen and (is_other or is_weekday):
            fields[at] = IGNORE if fields[at] == "client" else KEPT


_WEEKDAY = re.compile(rf"(?i)\W*{WEEKDAY_WORD}\W*")


def guess_columns(columns: Sequence[Column], fields: Sequence[str | None]) -> list[str]:
    """Return the fields with each column that nothing says plainly as it is likely meant.

    By its head where its cells can be that; whom, when and what also by the cells alone. Of two
    that are as likely neither is taken.
    """
    found = list(fields)
    open_ = [at for at, name in enumerate(fields) if name is None and columns[at].filled]
    likely = dict[int, list[str]]()
    for at in open_:
        meant = dict.fromkeys([find_field(columns[at].head), *guess_fields(columns[at].head)])
        likely[at] = [each for each in meant if each and columns[at].may_hold(each)]
    if any(each[:1] == [CLOCK] for each in likely.values()):
        found = [
            DAY if name == "occurred_at" and column.says_days_alone else name
            for name, column in zip(found, columns, strict=True)
        ]
    for at in open_:
        firsts = [name for each in open_ for name in likely[each][:1] if each != at]
        found[at] = next((n for n in likely[at] if _is_free(n, found, firsts)), None)
    for names, kind in _BY_CELLS:
        fitting = [at for at in open_ if found[at] is None and _fits(columns[at], kind)]
        named = [at for at in open_ if found[at] is None and _fits(columns[at], "names")]
        is_one = len(fitting) == 1 and (kind != "codes" or {*named} <= {*fitting})
        if is_one and not {*names} & {*found}:
            hoped = chain.from_iterable(likely.values()) if kind != "texts" else ()
            found[fitting[0]] = names[0] if not {*names} & {*hoped} else None
    if "immediate_action" not in found:
        for at in open_:
            if found[at] is None and _FOLLOW_UP.fullmatch(normalise(columns[at].head)):
                found[at] = "immediate_action"
    _guess_rest(columns, open_, found)
    return [
        each or (IGNORE if _is_of("private", column.head) else KEPT)
        for each, column in zip(found, columns, strict=True)
    ]


_FOLLOW_UP = re.compile(r"follow(?:ed)?[ -]?up")  # what was done, where no other column says it


# What cells alone say, each where only one column is so: the fields of which none is known yet.
_BY_CELLS = (
    (("client",), "codes"),
    (("client",), "names"),
    ((DAY, "occurred_at"), "days"),
    ((CLOCK, "occurred_at"), "clocks"),
    (("what_happened", "what_nearly_happened"), "texts"),
)


def _is_free(name: str, found: Sequence[str | None], firsts: Sequence[str]) -> bool:
    """Whether a column may be taken for a field; ``firsts`` is what others mean first."""
    if may_join(name) and name not in (*WHAT, "client"):
        return name != "location" or name not in found
    others = {*WHEN} if name in WHEN else {*WHAT} if name in WHAT else {name}
    others |= {"occurred_at"} if name == CLOCK else set()
    return not others & {*found} and name not in firsts


def _guess_rest(columns: Sequence[Column], open_: Sequence[int], found: list[str | None]) -> None:
    """Take for people told what answers the column before it, and ticks below somebody.

    Which medicine it was is a part of what happened.
    """
    what = next((each for each in found if each in WHAT), None)
    for at in open_:
        if not found[at] and _is_of("medicine", columns[at].head):
            found[at] = what
        column, before = columns[at], found[at - 1] if at else None
        is_reply = before == "informed" and adds_details(column.head) and found[at] != "tried"
        if is_reply or (not found[at] and column.says_told and name_person(column.head)):
            found[at] = "informed"


def _is_of(what: str, head: str) -> bool:
    """Whether a head may mean a field; or is of a medicine, never guessed, private, a denial."""
    return re.search(read_words("heads")["guess"][what], normalise(head)) is not None


def _fits(column: Column, kind: str) -> bool:
    """Whether the cells alone say what a column holds, and its head nothing against it."""
    is_so = column.says_names if kind == "names" else column.kind == kind
    return is_so and not (_is_of("never", column.head) or denies_worry(column.head))


_DETAILS = {"when how", "how when", "when and how", "how and when", "how", "details", "by whom"}


def adds_details(head: str) -> bool:
    """Whether a column says more of those in the one before it."""
    return normalise(head) in _DETAILS or says_reply(head)


def says_reply(head: str) -> bool:
    """Whether a column says what became of trying those in the one before it."""
    return _REPLY.search(normalise(head)) is not None


_REPLY = re.compile(
    r"^(?:did (?:you|they|we) )?(?:got|get) (?:hold|through|them)\b|^pick(?:ed)? ?up\b"
    r"|^(?:any )?(?:answer(?:ed)?|reply|replied|reached(?= anyone| them| who|$)|response|result)\b"
)


def is_export(heads: Sequence[str]) -> bool:
    """Whether a sheet comes from a book of ours: nobody else's has all these heads."""
    found = {find_field(head) for head in heads}
    own = {fold_text(head) for head in heads}
    return {NUMBER, WRITTEN, AUTHOR, "entry"} <= found and (BOOK_SEAL in own or "what it is" in own)


def find_doubles(fields: Sequence[str | None], said: Mapping[str, str]) -> Iterator[list[int]]:
    """Yield the places of columns that say the same, where only one can be taken.

    ``said`` is what the carer said outright: what she joined is joined.
    """
    when = [at for at, field in enumerate(fields) if field in WHEN]
    if len(when) > 1:
        yield when
    for name in dict.fromkeys(fields):
        places = [at for at, each in enumerate(fields) if each == name]
        if name in (None, IGNORE, KEPT, *WHEN, *_SHARED, *CLAIMS) or len(places) < 2:  # noqa: PLR2004
            continue
        if not (name in JOINED and name in said.values()):
            yield places


def may_join(field: str | None) -> bool:
    """Whether the cells of several columns can stand in a field one after the other."""
    return field in _SEVERAL


def read_chosen(options: Sequence[str], heads: Sequence[str]) -> dict[str, str]:
    """Return what ``--column HEAD=FIELD`` says, by the head as it stands. Raises ValueError.

    The reason is a sentence.
    """
    by_name = {normalise(each): each for each in heads} | {fold_text(each): each for each in heads}
    named = {fold_text(name_field(each)): each for each in reversed(FIELDS)}
    named |= {fold_text(each): each for each in FIELDS}
    named |= {"what": "what_happened", "when": "occurred_at", "place": "location"}
    named |= {"prevented": "how_prevented", "action": "immediate_action", "kind": "category"}
    chosen: dict[str, str] = {}
    for option in options:
        head, equals, typed = option.rpartition("=")
        found = by_name.get(fold_text(head)) or by_name.get(normalise(head))
        name = named.get(fold_text(typed)) or named.get(fold_text(typed).replace(" ", "_"))
        if head == "*" and name in (IGNORE, KEPT):
            found = head  # every column that is not known
        if not equals or not name:
            raise ValueError(
                f"--column {quote(option)}: write HEAD=FIELD. The fields are: {', '.join(FIELDS)}."
            )
        if not found:
            near = get_close_matches(fold_text(head), by_name, n=1)
            did_you = f" Did you mean {quote(by_name[near[0]])}?" if near else ""
            raise ValueError(f"--column: the sheet has no column {quote(head)}.{did_you}")
        chosen[found] = name
    return chosen
