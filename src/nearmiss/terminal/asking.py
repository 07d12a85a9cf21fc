"""What the questions need of a terminal, however it shows them.

Each question can be left, and what asks one lets that through without saying so: GoBack; Stopped,
which is a KeyboardInterrupt; Ended, which is an EOFError. So does what saves with what saving
raises.
"""

import re
import shutil
import signal
import string
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from typing import Any, Generic, Literal, Protocol, TypeVar

from nearmiss.errors import SteppedBack, UsageProblem
from nearmiss.speech import fold_lines, say
from nearmiss.text import fold_text

_Read = TypeVar("_Read")
_Value = TypeVar("_Value")

Shape = Literal["line", "lines", "list"]  # "lines" may have several, a "list" has one item a line


class _Left(BaseException):
    """A question was left: ``typed`` is what stood there of an answer."""

    def __init__(self, typed: str = "") -> None:
        super().__init__()
        self.typed = typed


class GoBack(_Left, SteppedBack):
    """The carer asked for the question before."""


class Stopped(_Left, KeyboardInterrupt):
    """The carer stopped."""


class Ended(_Left, EOFError):
    """The carer ended the input."""


@dataclass(frozen=True)
class Asked:
    """One question that is answered in the carer's own words.

    ``progress`` says where the carer is; ``earlier`` is the answer given before, ``typed`` what
    was not finished, or just ``refused``; ``offers`` can be chosen by number; ``completions`` are
    offered as one types; ``suggestion`` is taken where nothing is typed; ``keeps`` has what is
    typed so far on the disk. ``about`` names what several questions are about: it is shown with
    each, and said once. ``replaces`` where typing is another answer than the earlier one, as of
    initials; it goes on with the carer's own words.
    """

    ask: str
    help: str = ""
    progress: str = ""
    shape: Shape = "line"
    earlier: str = ""
    typed: str = ""
    refused: bool = False
    offers: tuple[str, ...] = ()
    completions: tuple[str, ...] = field(default=(), repr=False)
    suggestion: str = ""
    example: str = ""
    can_go_back: bool = False
    keeps: Callable[[str], None] | None = field(default=None, repr=False)
    about: str = ""
    replaces: bool = False

    @property
    def is_kept(self) -> bool:
        """Whether what is typed is put on the disk."""
        return self.keeps is not None

    def tell_help(self, stands: str) -> str:
        """Return the help; where something ``stands`` there, Enter alone takes that."""
        return re.sub(r"\s*Enter alone: [^.]*\.", "", self.help) if stands else self.help

    def keep(self, typed: str) -> None:
        """Have what is typed so far on the disk, where that is wanted."""
        if self.keeps is not None:
            self.keeps(typed)


@dataclass(frozen=True)
class Option(Generic[_Value]):
    """One thing that can be chosen: its ``label``, and the ``value`` that choosing it gives.

    A ``key`` is the letter that takes it; without one it has a number. ``words`` may be typed
    for it too.
    """

    label: str
    value: _Value
    key: str = ""
    words: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """What can be typed whole for it, folded."""
        return tuple(fold_text(each) for each in (self.key, self.label, *self.words) if each)


@dataclass(frozen=True)
class Choice(Generic[_Value]):
    """One question that is answered by choosing: by number, by letter or by arrows.

    ``chosen`` is the number (from 0) of the option that is marked at first, and that Enter takes;
    ``in_a_row`` shows the options on one line; ``about`` is as ``Asked`` has it. One that comes
    ``unasked`` is not answered by what was typed before it was shown: its options have letters,
    as those of the menu before it have numbers. ``on_paste`` is said where lines are pasted.
    """

    ask: str
    options: tuple[Option[_Value], ...]
    help: str = ""
    progress: str = ""
    chosen: int | None = None
    example: str = ""
    can_go_back: bool = False
    back: str = "back"  # what going back from here is called
    in_a_row: bool = False
    about: str = ""
    unasked: bool = False
    on_paste: str = ""

    @property
    def needs_enter_alone(self) -> bool:
        """Whether there is nothing to choose: Enter takes the only option."""
        return len(self.options) == 1 and self.chosen is not None

    @property
    def marks(self) -> tuple[str, ...]:
        """What stands before each option: its key, or its number among those without one."""
        keys = {option.key for option in self.options}
        letters = (each for each in string.ascii_lowercase if each not in keys)
        others = letters if self.unasked else map(str, count(1))
        return tuple(option.key or next(others) for option in self.options)

    def find(self, typed: str) -> int | None:
        """Return the number (from 0) of the option that ``typed`` names whole, or begins alone."""
        wanted, begun = fold_text(typed), self.list_begun(typed)
        if not wanted:
            return self.chosen
        named = [at for at in begun if wanted in (self.marks[at], *self.options[at].spellings)]
        return next((found[0] for found in (named, begun) if len(found) == 1), None)

    def list_begun(self, typed: str) -> list[int]:
        """Return what ``typed`` begins: by its mark first, else by its words; whole ones first."""
        wanted = fold_text(typed)
        by_mark = [at for at, mark in enumerate(self.marks) if mark.startswith(wanted)]
        spelt = [option.spellings for option in self.options]
        begun = [at for at, words in enumerate(spelt) if any(w.startswith(wanted) for w in words)]
        return by_mark or sorted(begun, key=lambda at: wanted not in spelt[at])

    @property
    def request(self) -> str:
        """A sentence that asks for an answer that can be taken."""
        own = [mark for mark, each in zip(self.marks, self.options, strict=True) if not each.key]
        keys = [f"{each.key} ({each.label})" for each in self.options if each.key]
        what = "letter" if self.unasked else "number"
        span = [f"with a {what} from {own[0]} to {own[-1]}"] if own[1:] else own
        *first, last = span + keys
        return f"Please answer {', '.join(first)} or {last}." if first else f"Please answer {last}."

    def refuse(self, typed: str) -> str:
        """Return the request; of lines that were pasted also where these are taken."""
        is_text = bool(self.on_paste) and "\n" in typed.strip()
        return f"{self.on_paste} {self.request}" if is_text else self.request


class Asker(Protocol):
    """A terminal that can put a question."""

    def ask(self, asked: Asked) -> str:
        """Return what was typed. Raises GoBack, Stopped or Ended."""

    def choose(self, choice: Choice[_Value]) -> _Value:
        """Return the value of the option that was taken. Raises GoBack, Stopped or Ended."""

    def choose_several(self, choice: Choice[_Value]) -> tuple[_Value, ...]:
        """Return the values of those that were ticked; where none was, of the one that is marked.

        An option with a key is taken alone. Raises GoBack, Stopped or Ended.
        """

    def stop(self) -> None:
        """Let the question that is being put end as Ctrl-C does; called as a signal arrives."""


def ask_until_taken(asker: Asker, asked: Asked, read: Callable[[str], _Read]) -> _Read:
    """Return what ``read`` makes of the answer; where it refuses, say why and ask again."""
    while True:
        typed = asker.ask(asked)
        if typed.strip() == "?" and asked.example:
            say(f"Example: {asked.example}")
            asked = replace(asked, typed="", refused=False)
        elif typed.strip() == "<" and asked.can_go_back:
            raise GoBack
        else:
            try:
                return read(typed)
            except UsageProblem as problem:
                say(str(problem))
                asked = replace(asked, typed=typed, refused=True)


@dataclass(frozen=True)
class Settled(Generic[_Value]):
    """What a step makes of it with nothing asked: going back passes over it."""

    value: _Value


# Asks one thing; None where there is nothing to ask.
Step = Callable[[_Value], _Value | Settled[_Value] | None]


def ask_in_turn(steps: Sequence[Step[_Value]], so_far: _Value, begin: int = 0) -> _Value:
    """Return what ``steps`` make of ``so_far``, each of what the one before made of it.

    Where the carer goes back, the last that asked something asks again, with what stood before
    it. ``begin`` is the first to be asked; going back leads to those before it too. Raises GoBack
    where none is before, and what the steps raise.
    """
    at, asked = begin, [(each, so_far) for each in range(begin)]  # each with what stood before it
    while at < len(steps):
        try:
            answered = steps[at](so_far)
        except GoBack:
            if not asked:
                raise
            at, so_far = asked.pop()
            continue
        if isinstance(answered, Settled):
            so_far = answered.value
        elif answered is not None:
            asked.append((at, so_far))
            so_far = answered
        at += 1
    return so_far


# Has answers, and what was typed at questions that were left, on the disk; returns why not.
Keep = Callable[[Mapping[str, Any], Mapping[str, str]], str]


class Keeping:
    """Has what is answered, and what is typed, on the disk by ``keep``.

    ``answers`` are the fields so far, ``unfinished`` what was typed where a question was left.
    """

    keep: Keep
    answers: dict[str, Any]
    unfinished: dict[str, str]
    _has_warned = False

    @contextmanager
    def keeping(self, name: str, asked: Asked) -> Iterator[Asked]:
        """Yield the question for a field; what is typed there is kept, also where it is left."""
        typed = self.unfinished.get(name, "")
        try:
            yield replace(asked, typed=typed, keeps=partial(self.keep_typed, name))
        except (GoBack, Stopped, Ended) as left:
            if left.typed.strip() and left.typed != asked.earlier:
                self.unfinished[name] = left.typed
                self.keep_all()
            raise
        self.unfinished.pop(name, None)

    def keep_typed(self, name: str, typed: str) -> None:
        """Keep what is typed so far for a field, and say nothing: the question is on the screen."""
        self.keep(self.answers, {**self.unfinished, name: typed})

    def keep_all(self) -> None:
        """Keep everything; where that can't be done, say so once."""
        problem = self.keep(self.answers, self.unfinished)
        if problem and not self._has_warned:
            self._has_warned = True
            say(problem)


YES = Option("yes", True, "y")
NO = Option("no", False, "n")

Sure = Literal["yes", "no", "not sure"]
SURE: tuple[Option[Sure], ...] = (
    Option("yes", "yes", "y"),
    Option("no", "no", "n"),
    Option("not sure (the same as yes)", "not sure", "u", ("not sure", "unsure", "don't know")),
)


def find_sure(answer: str) -> int | None:
    """Return the number (from 0) of the option of ``SURE`` that was the answer, if any was."""
    return next((at for at, each in enumerate(SURE) if each.value == answer), None)


def ask_yes_no(
    asker: Asker, question: str, help_text: str = "", *, about: str = "", can_go_back: bool = False
) -> bool:
    """Return whether the answer is yes. Raises GoBack, KeyboardInterrupt or EOFError."""
    both = Choice(question, (YES, NO), help_text, about=about, can_go_back=can_go_back)
    return asker.choose(replace(both, in_a_row=True))


_MORE = Choice("There is more.", (Option("go on", None, "g"),), chosen=0, in_a_row=True)
_MORE_ROWS = 4  # that this question takes
_AROUND = 4  # rows of a choice beside its question and help: a space, the options, two of keys


def say_whole(
    asker: Asker,
    paragraphs: Sequence[str],
    then: Sequence[str],
    around: int = _AROUND,
    *,
    can_go_back: bool = False,
) -> None:
    """Say ``paragraphs`` so that none has left the screen before it could be read.

    What comes ``then``, on ``around`` more rows, finds room below the last one. What does not fit
    is shown page by page.
    """
    rows = shutil.get_terminal_size().lines
    below = around + sum(map(count_rows, then))
    takes = [count_rows(paragraph) for paragraph in paragraphs]
    # Side by side where that alone lets all of it stand on one screen.
    space = 0 if sum(takes) + below <= rows < sum(takes) + len(takes) + below else 1
    used = 0
    for at, paragraph in enumerate(paragraphs):
        end = below if at == len(takes) - 1 else _MORE_ROWS
        if used and used + takes[at] + space + end > rows:
            _turn_page(asker, can_go_back=can_go_back)
            used = 0
        if space or not used:
            say()
        say(paragraph)
        used += takes[at] + space


def count_rows(text: str) -> int:
    """Return on how many rows of the terminal a text stands when it is said."""
    return fold_lines(text, sys.stderr).count("\n") + 1


def _turn_page(asker: Asker, *, can_go_back: bool) -> None:
    try:
        asker.choose(replace(_MORE, can_go_back=can_go_back))
    except GoBack:
        if can_go_back:
            raise


class StepBackAsker:
    """Puts questions by ``asker``, each so that Esc goes back.

    Ctrl-C and Ctrl-D do what Esc does, unless all is to end; with ``can_stop`` they stop.
    """

    def __init__(self, asker: Asker, *, can_stop: bool = False) -> None:
        self._asker = asker
        self._stops = can_stop

    def ask(self, asked: Asked) -> str:
        """Return what was typed. Raises GoBack, or what ``asker`` raises where all is to end."""
        return self._put(lambda: self._asker.ask(replace(asked, can_go_back=True)))

    def choose(self, choice: Choice[_Value]) -> _Value:
        """Return the value of the option that was taken. Raises as ``ask`` does."""
        return self._put(lambda: self._asker.choose(replace(choice, can_go_back=True)))

    def choose_several(self, choice: Choice[_Value]) -> tuple[_Value, ...]:
        """Return the values of those that were marked. Raises as ``ask`` does."""
        return self._put(lambda: self._asker.choose_several(replace(choice, can_go_back=True)))

    def _put(self, put: Callable[[], _Read]) -> _Read:
        try:
            return put()
        except (KeyboardInterrupt, EOFError) as stopped:
            if self._stops:
                raise
            raise GoBack(getattr(stopped, "typed", "")) from None

    def stop(self) -> None:
        """Let the question that is being put end, and all with it."""
        self._stops = True
        self._asker.stop()


@contextmanager
def stop_on_signals(find_asker: Callable[[], Asker]) -> Iterator[list[int]]:
    """Let a closed window end the question that is put; yield the signals that came."""
    came: list[int] = []

    def stop(number: int, frame: object) -> None:
        del frame
        came.append(number)
        if len(came) == 1:  # else what is typed is being kept, and must not be broken off
            find_asker().stop()

    def interrupt(number: int, frame: object) -> None:
        del number, frame
        if not came:
            raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in ("SIGHUP", "SIGTERM") if hasattr(signal, name)]
    before = {number: signal.signal(number, stop) for number in numbers}
    before[signal.SIGINT] = signal.signal(signal.SIGINT, interrupt)
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        outer = before[came[0]] if came else None
        if callable(outer):
            outer(came[0], None)
