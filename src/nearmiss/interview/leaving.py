"""The end of a question that is on the screen: once, whatever keys come together."""

from typing import TYPE_CHECKING

from nearmiss.interview.asking import GoBack

if TYPE_CHECKING:
    from prompt_toolkit.key_binding import KeyPressEvent


def end(event: "KeyPressEvent", answer: str | None = None) -> None:
    """End the question with an answer."""
    if not event.app.is_done:
        event.app.exit(result=answer)


def leave(event: "KeyPressEvent", how: BaseException) -> None:
    """End the question without an answer; going back, nothing of it stays on the screen.

    Esc and the key after it can come as one: then the second finds the question ended.
    """
    if not event.app.is_done:
        event.app.erase_when_done = isinstance(how, GoBack)
        event.app.exit(exception=how)
