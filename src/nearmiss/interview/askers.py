"""Which asker a terminal can carry."""

from nearmiss.interview.asking import Asker


def choose_asker(*, plain: bool) -> Asker:
    """Return the asker that this terminal can carry; one line after the other where ``plain``."""
    if not plain:
        try:
            from nearmiss.interview.prompt import PromptAsker

            return PromptAsker()
        except Exception:  # noqa: S110 - whatever a terminal lacks, the questions go on
            pass
    from nearmiss.interview.plain import PlainAsker

    return PlainAsker()
