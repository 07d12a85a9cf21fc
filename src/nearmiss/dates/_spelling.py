"""What a misspelt word may be, and other slips that are offered as what they may mean."""

import re

from nearmiss.dates._phrase import NUMBER, WEEKDAY_NUMBERS
from nearmiss.dates.shown import MONTHS, WEEKDAYS

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
    (rf"\bquarter of (?={NUMBER}\b)", "quarter to "),
    (r"(?<!day )\bbefore yesterday\b", "day before yesterday"),
    (rf"\b(?:before|since) {_LENGTH}(?! ago)", r"\1 ago"),
    (rf"^{_LENGTH} before$", r"\1 ago"),
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
    ranked = sorted((_count_slips(word, each), each) for each in _WORDS if _is_close(word, each))
    near = [each for count, each in ranked if count <= slips and count == ranked[0][0]]
    return near[0] if len(near) == 1 else word


def _is_close(word: str, known: str) -> bool:
    return abs(len(word) - len(known)) <= 2  # noqa: PLR2004


def _count_slips(word: str, known: str) -> int:
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
