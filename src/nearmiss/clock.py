"""The clock of this computer: the one place where the program asks what time it is."""

import time
from datetime import UTC, datetime

read_seconds = time.time


def read_now() -> datetime:
    """Return this moment with the local offset, to the second."""
    return datetime.fromtimestamp(int(read_seconds()), UTC).astimezone()
