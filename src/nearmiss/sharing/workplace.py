"""What a handing-over works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nearmiss.interview.asking import Asker
from nearmiss.logbook.book import Logbook
from nearmiss.settings import Settings


@dataclass(frozen=True)
class Workplace:
    """The book, who writes in it, and who can be asked.

    ``templates`` is the folder of the carer's own; ``asker`` is None where nobody can be asked;
    ``plain`` keeps the terminal free of what moves.
    """

    book: Logbook
    settings: Settings
    templates: Path
    now: Callable[[], datetime]
    asker: Asker | None = None
    plain: bool = False
