"""What a handing-over works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nearmiss.interview.asking import Asker
from nearmiss.logbook.book import Logbook
from nearmiss.settings import Paths, Settings


@dataclass(frozen=True)
class Workplace:
    """The book, who writes in it, and who can be asked.

    ``asker`` is None where nobody can be asked; ``plain`` keeps the terminal free of what moves.
    """

    book: Logbook
    settings: Settings
    paths: Paths
    now: Callable[[], datetime]
    asker: Asker | None = None
    plain: bool = False

    @property
    def templates(self) -> Path:
        """The folder of the carer's own templates."""
        return self.paths.config / "templates"
