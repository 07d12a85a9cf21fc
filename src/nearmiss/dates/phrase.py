"""What was typed about a time, made regular, and what a misspelt word may be."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from nearmiss.dates.shown import MONTH_WORD, MONTHS, WEEKDAYS
from nearmiss.errors import UsageProblem
from nearmiss.text import show_safely

_DAY = 24 * 60  # minutes
_LOOSE = 5  # hours; "after lunch" may be so much later, "before bed" so much earlier


@dataclass(frozen=True)
class PartOfDay:
    """A part of the day: from and up to (not including) so many minutes after midnight.

    ``words`` say it in a sentence. A night goes on into the next day.
    """

    name: str
    words: str
    start: int
    end: int

    @property
    def has_two_dates(self) -> bool:
        """Whether it goes on after midnight."""
        return self.end > _DAY


_MEALS = {
    "breakfast": (5, 12),
    "lunchtime": (11, 15),
    "dinnertime": (11, 22),  # noon in the north, evening in the south
    "teatime": (14, 20),
    "suppertime": (16, 24),
    "bedtime": (18, 24),
}
PARTS = {
    name: PartOfDay(name, words, start * 60, end * 60)
    for name, words, start, end in (
        ("early hours", "in the early hours", 0, 7),
        ("am", "before noon", 0, 12),
        ("morning", "in the morning", 1, 12),
        ("pm", "after noon", 12, 24),
        ("afternoon", "in the afternoon", 12, 19),
        ("evening", "in the evening", 16, 24),
        ("night", "in the night", 17, 31),
        *((meal, f"at {meal}", *hours) for meal, hours in _MEALS.items()),
        *((f"before {meal}",) * 2 + (max(0, start - _LOOSE), end)
          for meal, (start, end) in _MEALS.items()),
        *((f"after {meal}",) * 2 + (start, min(24, end + _LOOSE))
          for meal, (start, end) in _MEALS.items()),
    )
}  # fmt: skip


_LONGEST = 80  # characters; anything longer is not a date
_LETTERS = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "−": "-", "±": "~", "½": " 1/2"})

_NUMBERS = (  # noqa: SIM905
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
).split()
_NUMBER_WORDS = {word: str(n) for n, word in enumerate(_NUMBERS, 1)}
_NUMBER_WORDS |= {"thirty": "30", "forty": "40", "fifty": "50"}
NUMBER = r"(?:\d{1,3}|" + "|".join(_NUMBER_WORDS) + ")"
_FILLERS = (  # noqa: SIM905
    "at on the of it was is happened occurred time date exactly sharp dot spot bang so like"
    " handover"
).split()
_SHADES = {"early", "earlier", "mid", "late"}  # of a part of the day

WEEKDAY_NUMBERS = {
    name: number for number, weekday in enumerate(WEEKDAYS) for name in (weekday, weekday[:3])
} | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
WEEKDAY = r"(?:" + "|".join(sorted(WEEKDAY_NUMBERS, key=len, reverse=True)) + r")\b"
_PART = r"(?:early_hours|(?:before_|after_)?(?:breakfast|(?:lunch|dinner|tea|supper|bed)time)"
_PART += r"|morning|afternoon|evening|night|am|pm)\b"
_HOUR = r"(?=\d|half\b|quarter\b|noon\b|midday\b|midnight\b|an?\b)"
_UNIT = r"(minutes?|mins?|hours?|hrs?|days?|weeks?)"
_YEAR = (
    rf"{MONTH_WORD} (?:\d{{1,2}}(?:st|nd|rd|th)? )?20\d\d|\d{{1,2}}([/.-])\d{{1,2}}\2(?:20)?\d\d"
)
_YEAR += r"|20\d\d-\d\d?-\d\d?"
_DAY_END = rf"today|yesterday|tonight|night|morning|afternoon|evening|{WEEKDAY}"
_TIME_BEGIN = r"(?=at\b|about\b|around\b|noon\b|midnight\b|half\b|quarter\b|\d)"
_MORNING = r"(?:am)? ?(?:oclock)? +(?:morning|early_hours)\b"

# In this order: a later rule relies on what the earlier ones left. Compiled when first used.
_REWRITES: list[tuple[str, str | Callable[[re.Match[str]], str]]] = [
    # marks and shortened words
    (r"(?<![a-z])([ap])\.? ?m(?![a-z])\.?", r"\1m"),  # p.m., p m
    (r"[.,](?!\d)|(?<!\d)[.,]", " "),  # 8.15 and 3.4.2026 keep theirs
    (r"~|\?|\+/-", " about "),
    (rf"({_YEAR}) +(?=[ap]m\b)", r"\1 in "),
    (r"@", " at "),
    (r"\by(?:est|est'day|day|strday)\b|\byesterday's\b", "yesterday"),
    (r"\byestreen\b", "yesterday evening"),  # Scots, as is "the day" for today
    (r"\bthe day\b(?! before| after)", "today"),
    (r"\bnow just\b", "just now"),  # Welsh English
    (r"\b(?:christmas|xmas) eve\b", "24 december"),
    (r"\b(?:christmas|xmas) day\b", "25 december"),
    (r"\bboxing day\b", "26 december"),
    (rf"\b({_DAY_END}) ?- ?{_TIME_BEGIN}", r"\1 "),  # yesterday - 8pm
    (rf"({_YEAR}|{MONTH_WORD}|\d/\d\d?|\d(?:st|nd|rd|th)) - {_TIME_BEGIN}", r"\1 "),
    (rf" - (?=(?:on )?(?:today|yesterday|{WEEKDAY}))", " "),
    # numbers
    (r"\b(twenty|thirty|forty|fifty)[- ](one|two|three|four|five|six|seven|eight|nine)\b",
     lambda m: str(int(_NUMBER_WORDS[m[1]]) + int(_NUMBER_WORDS[m[2]]))),
    (r"\bfive and twenty (?=(?:to|past)\b)", "25 "),
    (r"(?<!from )\b(five|ten|twenty|25) (?=(?:to|past) )", r"\1 minutes "),
    (r"\b(?:" + "|".join(_NUMBER_WORDS) + r")(?=ish\b|\b)",
     lambda m: _NUMBER_WORDS[m[0]]),
    (r"(?<!\d )(?<!an )(?<!half )\b(?:at )?(?:the )?hour (?=\d)", "at "),
    (r"(?<![\d/.-])12(?:[:.]00)?(?: ?pm)? ?(?:nn|noon|midday)\b", "noon"),
    (r"(?<![\d/.-])(?:12(?:[:.]00)?(?: ?am)?|00?[:.]?00) ?(?:mn|midnight)\b", "midnight"),
    (r"\b(past|to) midnight\b", r"\1 12am"),
    (r"(?<=\d) ?o'? ?clock\b", "oclock"),
    (r"(?<=[\dk]) +(?=[ap]m\b)", ""),  # 8 pm
    (r"\b1/2 (?:an )?(?=ho?u?r\b)", "half an "),
    # lengths of time
    (r"^((?:about |just |maybe )*)(?=(?:hour|hr|minute|min|day|week|fortnight)"
     r"(?: or so)? (?:ago|back)\b)", r"\g<1>1 "),
    (rf"\b{_UNIT} (?:back|earlier)\b", r"\1 ago"),
    (r"\b(?:a )?couple (?:of )?(?=(?:minutes|mins|hours|hrs)\b)", "about 2 "),
    # about
    (r"\bhalf[- ]?(?=past\b)", "half "),
    (r"(?<=past )(\d{1,2})[- ]?ish\b|(?<=to )(\d{1,2})[- ]?ish\b",
     lambda m: f"{m[1] or m[2]} about"),
    (r"(?<=\d)[- ]?ish\b", "oclock about"),  # 8ish: nobody says this of the 24-hour clock
    (r"(?<=[a-z])[- ]?ish\b", " about"),  # 8pm-ish, noonish
    (rf"\b(?:just|shortly|soon|(?:a )?(?:bit|little)) "
     rf"(?:before|after|gone|past|over|under) {_HOUR}", "about "),
    (r"(?<!day )\bgone (?=\d|noon\b|midnight\b)", "about "),
    (r"\b(?:the )?back o(?:f|')? ?(?=\d)|\bc\.? ?(?=\d)", "about "),
    (r"\bjust gone$|\ba?baht\b|\babt\b", "about"),
    (r"\b(?:some(?:where|time) )?(?:a?round about|roundabout|around)\b|\bround (?=\d)", " about "),
    (r"\b(?:approx|approximately|aprox|appx|apx|roughly|circa|nearly|almost|maybe|perhaps|probably"
     r"|possibly|give or take|more or less|or near enough|or so|or thereabouts|thereabouts"
     r"|(?:i )?(?:think|guess|believe)"
     r"|(?:could|might|may|must) (?:be|have been))\b",
     " about "),
    (r"\b(?:at )?some ?(?:time|point)\b(?! ago| back)", " about "),
    (r"\b(?:shift )?(?:hand[- ]?over|change[- ]?over|(?:shift[- ]change|change of shift))"
     r"(?:[- ]?time)?\b", "handover"),
    (r"\b(?:just |shortly |right )?(?:at|before|after|during|by|around) (?:the )?handover\b",
     "handover"),
    # parts of the day
    (r"\b(?:early|small|wee|wee small) hours\b", "early_hours"),
    (r"\b(?:mid|early|late)-(?=[a-z])", lambda m: m[0][:-1] + " "),
    (r"\bmid[- ]?(?=day\b|night\b)", "mid"),
    (r"\b(?:first thing|elevenses)\b", "morning"),
    (r"\blast thing\b", "bedtime"),
    (r"\b(?:morn|mrng|forenoon)\b", "morning"),
    (r"\b(?:aft|arvo|avo)\b", "afternoon"),
    (r"\beve\b", "evening"),
    (r"\b(?:over ?night|middle of (?:the )?night)\b", "night"),
    (r"\b(lunch|dinner|tea|supper|bed)(?:[- ]?time)?\b", r"\1time"),
    (r"\b(?:just |shortly |soon |straight |right )?(before|after) "
     r"(?:(?:the|his|her|their|my|going to) )?(breakfast|(?:lunch|dinner|tea|supper|bed)time)\b",
     r"\1_\2"),
    (rf"\b(?:at|in|on|over|during|through) (?:the )?(?={_PART})", ""),
    (rf"\bthis (?={_PART}|(?:{'|'.join(_SHADES)}) )", "today "),
    (r"\bnight before last\b", "2 days ago night"),
    (r"\b(\d{1,2}) nights ago\b", r"\1 days ago night"),
    (r"\btonight\b", "today night"),
    (r"\blast (?=night\b|evening\b)", "yesterday "),
    (rf"(?<=night )(.*?\d(?:[:.]\d\d)?){_MORNING}", r"\1am"),  # last night at 2 in the morning
    (rf"(\d(?:[:.]\d\d)?){_MORNING}(?=.*\bnight\b)", r"\1am"),
    (r"\bearly_hours\b(?=.*\bnight\b)|(?<=night) +early_hours\b", ""),  # asked of the night
    # days
    (r"\bearlier(?: on)?(?: today)?$", "today"),
    (r"\bearlier (?:on )?(?=today\b|on\b)", ""),
    (r"\b(\d{1,2}) days before today\b", r"\1 days ago"),
    (r"\b(weeks?|fortnights?) ago (?:today|now)\b", r"\1 ago"),
    (rf"\b({WEEKDAY})(?:(?: just)? gone\b| there\b| past\b(?! ?\d))", r"gone \1"),
    (rf"\blast week(?: on)? ({WEEKDAY})|\b({WEEKDAY})(?: of)? last week\b",
     lambda m: f"lastweek {m[1] or m[2]}"),
]  # fmt: skip
# "at 8" is a time of day; a number alone beside a date may be a day or a year.
_AT_HOUR = r"\bat (\d{1,2})(?= |$)(?! [0-5]\d(?:am|pm))(?!(?: minutes)? (?:past|to)\b)"
_DAY_NUMBER = r"\b(?:on|the) (\d{1,2})$"


class RefusedError(Exception):
    """A time that is not taken; the text says why, for a carer. Empty: it fits no known form."""


@dataclass(frozen=True)
class Phrase:
    """What was typed, without the words that only colour it."""

    words: tuple[str, ...]
    approx: bool
    part: PartOfDay | None

    @property
    def text(self) -> str:
        """The words in a line."""
        return " ".join(self.words)


def tidy_typed(text: str) -> str:
    """Return ``text`` in lower case on one line. Raises RefusedError for what can't be a date."""
    if len(text) > _LONGEST:
        raise RefusedError
    tidy = " ".join(text.translate(_LETTERS).split()).lower()
    if not tidy.isascii():
        raise RefusedError("Write it with plain letters and the digits 0 to 9: yesterday 9pm.")
    return tidy


def regularise(tidy: str) -> str:
    """Return what was typed with one spelling for each way to say a thing."""
    for pattern, replacement in _REWRITES:
        tidy = re.sub(pattern, replacement, tidy)
    return " ".join(tidy.split())


def read_phrase(regular: str) -> Phrase:
    """Return the words of ``regular`` that carry it. Raises RefusedError."""
    words = regular.split()
    coloured = [word for word in words if word != "about"]
    regular = re.sub(_AT_HOUR, r"\1oclock", " ".join(coloured))
    if found := re.search(_DAY_NUMBER, regular):
        raise RefusedError(f"{found[1]} may be a day or an hour. Write both: 3 April 09:00.")
    part, left = _take_part([word for word in regular.split() if word not in _FILLERS])
    return Phrase(words=tuple(left), approx=len(coloured) < len(words), part=part)


def _take_part(words: list[str]) -> tuple[PartOfDay | None, list[str]]:
    """Return the narrowest part of the day among ``words``, and the other words."""
    named = {word: part for word in words if (part := PARTS.get(word.replace("_", " ")))}
    if not named:
        return None, words
    narrow = min(named.values(), key=lambda part: part.end - part.start)
    if any(narrow.start >= part.end or part.start >= narrow.end for part in named.values()):
        raise RefusedError
    return narrow, [word for word in words if word not in named and word not in _SHADES]


_WORDS = (
    *WEEKDAYS,
    *MONTHS,
    *(  # noqa: SIM905 - a list literal would take 30 lines
        "this today yesterday tomorrow tonight morning afternoon evening night lunchtime teatime"
        " dinnertime suppertime bedtime breakfast midnight midday minutes hours about around"
        " approximately o'clock quarter half past last before after between"
    ).split(),
)
_RIGHT = ("hour", "minute", "mins", "week", "weeks", "days", "gone", "just", "noon", "from")
_LONG = 6  # from here on two slips are one word still

_LENGTH = rf"((?:{NUMBER}|an?|half an?) (?:minutes?|mins?|hours?|hrs?|days?))\b"
# What is not the same everywhere, or plainly a slip: it is offered, never taken.
_SLIPS = [
    # half past seven in Britain, half past six in Germany
    (rf"\bhalf (?={NUMBER}(?:am|pm)?\b)(?!{NUMBER} ?(?:hours?|hrs?)\b)", "half past "),
    (r"(?<!day )\bbefore yesterday\b", "day before yesterday"),
    (rf"\b(?:before|since) {_LENGTH}(?! ago)", r"\1 ago"),
    (r"\b(?:a )?couple (?:of )?(?=days|weeks)", "2 "),
    (r"(?<![\d,;])(\d{1,2})[,;](\d\d)(?=am|pm|\b)(?![,;])", r"\1:\2"),
    (r"(?<![\d/.:-])(0?\d|1[0-2])-(1[3-9]|[2-5]\d)(?=am|pm|\b)(?![/.:-]| ?[mhdw])", r"\1:\2"),
    (r"\b((?:1[3-9]|2[0-3])[:.]\d\d) ?pm\b", r"\1"),
    (r"(?<![:.,;])(?<!\d )\b(1[3-9]|2[0-3]) ?pm\b", r"\1:00"),
    # 2015 may be a year; after such words it is not
    (r"(?:^|(?<=day )|(?<=night )|(?<=evening )|(?<=at ))(19|20)([0-5]\d)(?=$| (?!h))", r"\1:\2"),
    # the month first, where that is the only way to read it
    (r"(?<![\d/])(0?[1-9]|1[0-2])/(1[3-9]|2\d|3[01])(?![\d])", r"\2/\1"),
    (
        r"(?<!day )(?<!just )(?<!shortly )(?<!soon )(?<!bit )(?<!little )(?<!\d )"
        r"\b(?:before|after|by|since) (?=\d|noon|midday|midnight|half|quarter)",
        "about ",
    ),
    (r"\b(\d{1,2}) (0?[1-9]|1[0-2]) (20\d\d|\d\d)(?= |$)", r"\1/\2/\3"),
]


def find_likely(tidy: str) -> str | None:
    """Return what ``tidy`` may mean where it is not taken as it is: a slip, or a misspelt word."""
    return find_meant(tidy) or find_spelling(tidy)


def find_meant(tidy: str) -> str | None:
    """Return what ``tidy`` may mean where it holds a slip that has one likely meaning."""
    meant = tidy
    for pattern, replacement in _SLIPS:
        meant = re.sub(pattern, replacement, meant)
    return meant if meant != tidy else None


def find_spelling(tidy: str) -> str | None:
    """Return ``tidy`` with each misspelt word as the one it may be; None where nothing is near."""
    # Of a word of three letters too little is left to tell what it was.
    meant = re.sub(r"[a-z']{4,}", lambda found: _find_near(found[0]), tidy)
    return meant if meant != tidy else None


def _find_near(word: str) -> str:
    if word in _WORDS or word in _RIGHT or word in WEEKDAY_NUMBERS:
        return word
    slips = 2 if len(word) >= _LONG else 1
    close = [each for each in _WORDS if abs(len(word) - len(each)) <= slips]
    counted = [(count_slips(word, each), each) for each in close]
    least = min((count for count, _ in counted), default=slips + 1)
    near = [each for count, each in counted if count == least]
    return near[0] if least <= slips and len(near) == 1 else word


def count_slips(word: str, known: str) -> int:
    """Return how many letters are wrong, missing, too many, or swapped with the next."""
    before: list[int] = []
    row = list(range(len(known) + 1))
    for i, letter in enumerate(word, 1):
        older, before, row = before, row, [i]
        for j, other in enumerate(known, 1):
            slips = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and (letter, other) == (known[j - 2], word[i - 2]):
                slips = min(slips, older[j - 2] + 1)
            row.append(slips)
    return row[-1]


_SHOWN = 40  # characters of what was typed that a message repeats


class DateNotUnderstood(UsageProblem):
    """A date or time that is not taken: unknown, ambiguous, impossible, or on the wrong side."""

    def __init__(self, typed: str, reason: str, examples: str = "") -> None:
        line = " ".join(typed.split())
        shown = show_safely(line[:_SHOWN]) + ("..." if len(line) > _SHOWN else "")
        problem = f'{"Please check" if reason else "Not understood"}: "{shown}".'
        super().__init__(f"{problem if line else 'An answer is needed.'} {reason or examples}")


@contextmanager
def tell_refusal(typed: str, examples: str) -> Iterator[None]:
    """Turn a RefusedError into what says it to a carer: its reason, or else ``examples``."""
    try:
        yield
    except RefusedError as refused:
        raise DateNotUnderstood(typed, str(refused), examples) from None


_WHO = r"(?:(?:i'?m?|we|she|he|they)(?: am| are| is| really| honestly| just)* )?"
_NOT = (
    r"(?:(?:do not|don'?t|did not|didn'?t|cannot|can not|can'?t|could not|couldn'?t|not)"
    r"(?: (?:really|quite|exactly|yet))* (?:kn[ow]+n?|sure|certain|clear|noted|recorded"
    r"|remember|recall|say|tell)"
    r"|(?:no|haven'?t (?:a|any|got a)) (?:idea|clue)|no ?(?:one|body) (?:knows|saw)|who knows"
    r"|dunno|idk|n/?k|unkno?wn?|unclear|unsure|uncertain|unwitnessed|unseen|forgot(?:ten)?)"
)
_OF_WHAT = (
    r"(?: (?:of )?(?:exactly|when(?: (?:it|that|this))?(?: was| happened)?|what time|what hour"
    r"|(?:the )?(?:exact )?(?:time|hour)|it(?: happen)?|for sure|at all|sorry))*"
)
_TIME_IS = r"(?:(?:the )?(?:exact )?(?:time|hour|when)(?: is| was|:)? )?"
_NOT_KNOWN = rf"(?<![\w/])(?:{_TIME_IS}{_WHO}{_NOT}{_OF_WHAT})(?![\w/'])"
_OF_THE_DAY = r"(?:the )?(?:(?:day|date)(?: (?:and|&|or) (?:the )?time)?|time (?:and|&|or) date)"
_NO_ANSWER = r"\?+|-+|n/?a|none|tbc|when"
_NOT_THERE = (
    r"(?:i |we )?(?:(?:was|were)(?: not|n'?t) (?:there|here|in|present|on shift)"
    r"|(?:did not|didn'?t) see(?: (?:it|that|him|her|them))?(?: happen| fall)?)"
    r"|not (?:seen|witnessed)"
    r"|(?:before|when) (?:i|we) (?:came|arrived|got)(?: (?:in|here|there|home|back|on shift))*"
    r"|before (?:my|our) shift"
)
_DAY_OPEN = (
    rf"\b(?:(?:which|what|the|exact) (?:day|date)|(?:day|date)(?: is| was|:)? {_NOT}"
    rf"|{_NOT} (?:if|whether|(?:that )?it was|that was))\b"
)
_MARKS = " .,;:!-()"


def cut_not_known(tidy: str) -> str | None:
    """Return what ``tidy`` says beside that the time is not known, which may be nothing.

    None where it does not say so; and where it is the day that is not known: a time alone is of no
    day then.
    """
    bare = tidy.strip(" .,;:!()")
    of_the_day = (
        rf"(?:{_OF_THE_DAY}(?: is| was|:)? )?{_NOT_KNOWN}(?: (?:which |what )?{_OF_THE_DAY})?"
    )
    if re.fullmatch(rf"{of_the_day}|{_NOT} {_OF_THE_DAY}|{_NO_ANSWER}|{_NOT_THERE}", bare):
        return ""
    rest, found = re.subn(_NOT_KNOWN, ",", tidy, count=1)
    if not found or re.search(_DAY_OPEN, tidy):
        return None
    return re.sub(r"^(?:but|and)\b|\b(?:but|and)$", "", rest.strip(_MARKS)).strip(_MARKS)
