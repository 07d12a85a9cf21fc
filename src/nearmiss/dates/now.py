"""What time it is: the one place where the program asks the clock of this computer."""

import os
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

read_seconds = time.time


def read_now() -> datetime:
    """Return this moment with the local offset, to the second."""
    return to_local(datetime.fromtimestamp(int(read_seconds()), UTC))


def to_local(moment: datetime) -> datetime:
    """Return a moment (naive is local) in the zone of this computer.

    In UTC where that can't be written: ``TZ`` names one more than a day off, or to the second.
    Raises OSError or OverflowError where the system knows no zone so long ago.
    """
    try:
        local = moment.astimezone()
    except ValueError:
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    offset = local.utcoffset() or timedelta()
    return local if offset % timedelta(minutes=1) == timedelta() else local.astimezone(UTC)


def made_at() -> datetime:
    """Return this moment with the local offset, or that of ``SOURCE_DATE_EPOCH`` where it is set.

    So that the same records give the same bytes (https://reproducible-builds.org/specs).
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given.isascii() and given.isdecimal() and len(given) < _DIGITS and int(given) <= _LAST:
        return max([to_local(datetime.fromtimestamp(int(given), UTC)), *_newest])
    return read_now()


def know_newest(written: str) -> None:
    """Let no page be made, by ``SOURCE_DATE_EPOCH``, before the newest entry was ``written``."""
    _newest.clear()
    with suppress(OSError, OverflowError):  # at the ends of time, where no zone has a name for it
        _newest.extend([to_local(datetime.fromisoformat(written))] if written else [])


_newest: list[datetime] = []
_DIGITS = 20


_LAST = 253_402_214_400  # seconds to the last day that a date can have
