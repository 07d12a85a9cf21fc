"""The phrases in as_typed.py and nearly_typed.py: taken, asked back or refused, never misread."""

import time
from datetime import datetime

import pytest

from nearmiss.dates.grammar import read_when
from nearmiss.dates.moments import HourAsked, NotKnown, Offered, Reading, When, Which
from nearmiss.dates.phrase import DateNotUnderstood
from tests.cases import over
from tests.dates.as_typed import PHRASES
from tests.dates.nearly_typed import PHRASES as NEARLY

if not hasattr(time, "tzset"):
    pytest.skip("the time zone can't be set here", allow_module_level=True)

NOW = datetime.fromisoformat("2026-04-14T21:30:25.5+01:00")  # a Tuesday
LINES = [line for line in f"{PHRASES}\n{NEARLY}".splitlines() if not line.startswith("#")]


def tell(reading: Reading) -> str:
    """Return ``reading`` as the phrases have it."""
    match reading:
        case NotKnown():
            return "day?" if reading.last else "noticed?"
        case When():
            noticed = "noticed " if reading.noticed else ""
            if reading.hour_not_known:
                assert (reading.approx, f"{reading.moment:%H:%M}") == (True, "12:00")
                return f"{noticed}day {reading.moment:%Y-%m-%d}"
            about = "about " if reading.approx else ""
            return f"{noticed}{about}{reading.moment:%Y-%m-%d %H:%M}"
        case HourAsked():
            noticed = "noticed " if reading.noticed else ""
            part = reading.part.name if reading.part else ""
            return f"{noticed}hour {reading.day} {part}".strip()
        case Which():
            return "which " + ", ".join(tell(each) for _, each in reading.options)
        case Offered():
            return f"offer {reading.meant}"


@over("line", LINES)
def test_reads_what_carers_type(line: str) -> None:
    typed, expected = (each.strip() for each in line.split("|"))
    try:
        read = tell(read_when(typed, NOW))
    except DateNotUnderstood as refused:
        read = str(refused)
    if expected.startswith("hour"):
        assert read.startswith(expected)
    elif expected.startswith(("2", "about 2", "which", "offer")):
        assert read == expected
    else:
        assert expected in read
