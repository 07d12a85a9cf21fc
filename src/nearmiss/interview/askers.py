"""Which asker a terminal can carry."""

from pathlib import Path

from nearmiss.interview.asking import Asker


def choose_asker(*, plain: bool, folder: Path) -> Asker:
    """Return the asker that this terminal can carry; one line after the other where ``plain``.

    ``folder`` is where a private file may stand while an answer is in the carer's own editor.
    """
    if not plain:
        try:
            from nearmiss.interview.prompt import PromptAsker

            return PromptAsker(folder)
        except Exception:  # noqa: S110 - whatever a terminal lacks, the questions go on
            pass
    from nearmiss.interview.plain import PlainAsker

    return PlainAsker()
