"""The program as tests start it: at a given moment, and with every crash told to the test."""

import os
import sys
import traceback
from datetime import datetime, timedelta
from pathlib import Path

# Run as a script, and without this folder among those that are searched for modules: its own
# folders have the names of other packages.
PROGRAM = [sys.executable, "-P", __file__]
MOMENT = "NEARMISS_TEST_MOMENT"
CRASHES = "NEARMISS_TEST_CRASHES"
LONG_AFTER = (
    "NEARMISS_TEST_LONG_AFTER"  # set where a clock long after the last entry is asked about
)


def run_program() -> None:
    """Run ``nearmiss`` with the arguments of this process, as ``python -m nearmiss`` does."""
    from nearmiss import session
    from nearmiss.__main__ import main
    from nearmiss.dates import now as clock

    if LONG_AFTER not in os.environ:  # the entries of most tests are much older than their day
        session.LONG_AFTER = timedelta(days=10_000)
    if MOMENT in os.environ:
        clock.read_seconds = datetime.fromisoformat(os.environ[MOMENT]).timestamp
    try:
        main()
    except Exception:
        if CRASHES in os.environ:
            Path(os.environ[CRASHES]).write_text(traceback.format_exc(), encoding="utf-8")
        raise


if __name__ == "__main__":
    run_program()
