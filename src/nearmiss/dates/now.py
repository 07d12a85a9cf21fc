"""What time it is: the one place where the program asks the clock of this computer."""

import os
import time
from datetime import UTC, datetime

read_seconds = time.time


def read_now() -> datetime:
    """Return this moment with the local offset, to the second."""
    return datetime.fromtimestamp(int(read_seconds()), UTC).astimezone()


def made_at() -> datetime:
    """Return this moment with the local offset, or that of ``SOURCE_DATE_EPOCH`` where it is set.

    So that the same records give the same bytes (https://reproducible-builds.org/specs).
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given.isascii() and given.isdecimal() and len(given) < _DIGITS and int(given) <= _LAST:
        return max([datetime.fromtimestamp(int(given), UTC).astimezone(), *_newest])
    return read_now()


def know_newest(written: str) -> None:
    """Let no page be made, by ``SOURCE_DATE_EPOCH``, before the newest entry was ``written``."""
    _newest[:] = [datetime.fromisoformat(written).astimezone()] if written else []


_newest: list[datetime] = []
_DIGITS = 20


_LAST = 253_402_214_400  # seconds to the last day that a date can have
