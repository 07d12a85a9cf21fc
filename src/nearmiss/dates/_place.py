"""Local time on this computer, with the hours that its clocks skip and show twice."""

from datetime import datetime

from nearmiss.dates._phrase import RefusedError
from nearmiss.dates.readings import When
from nearmiss.dates.shown import MONTHS


def place(naive: datetime) -> When:
    """Return the moment when local clocks showed ``naive``, with both readings of a doubled hour.

    Raises RefusedError for an hour that the clocks skipped.
    """
    naive = naive.replace(microsecond=0)
    first, second = (localise(naive.replace(fold=fold)) for fold in (0, 1))
    if first.replace(tzinfo=None) != naive:
        raise RefusedError(
            f"The clocks went forward on {naive.day} {MONTHS[naive.month - 1].title()}"
            f" {naive.year}: there was no {naive:%H:%M}. Please look at the time again."
        )
    return When(first, alternative=second if second != first else None)


def localise(moment: datetime) -> datetime:
    """Return ``moment`` (naive is local) with the offset of this computer's zone at that time."""
    try:
        return moment.astimezone()
    except (OSError, OverflowError):  # Windows knows no zone before 1970
        raise RefusedError("That is too long ago for this computer.") from None
