"""What is taken of a sheet until the carer says otherwise: shown in lines, put right by number."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeVar, cast

from nearmiss.errors import UsageProblem
from nearmiss.intake.moments import Order
from nearmiss.speech import count_of, join_words, name_some, say
from nearmiss.terminal.asking import (
    Asked,
    Asker,
    Choice,
    GoBack,
    Option,
    Settled,
    Step,
    ask_in_turn,
    ask_until_taken,
)
from nearmiss.text import fold_text, join_lines, shorten, show_safely

_Value = TypeVar("_Value")
_State = TypeVar("_State")
Assume = Callable[[_State], _State]  # takes one thing as it is likely, or as it was put right
_LINES = 8  # of what could not be asked
_LINE = 400  # characters of one of them
_NAMED = 10
_MANY = 4  # options, that do not stand in a row
_GLIMPSE = 70  # characters of a cell
_WIDE, _WIDER = 72, 300  # characters of a line that can be changed; of all that is taken


class Counted(Protocol):
    """How often each value stands in a sheet."""

    def __getitem__(self, value: str, /) -> int: ...


@dataclass(frozen=True)
class Given:
    """What options said in advance."""

    columns: tuple[str, ...] = ()
    order: Order | None = None
    hour_not_known: bool = False
    missing: bool = False
    entry: str = ""
    yes: bool = False
    skips: bool = False  # rows that can't be taken stay out
    shows: bool = False  # what is understood is shown, and not saved


@dataclass(frozen=True)
class Line:
    """What is taken until the carer says otherwise: by a key, as it is shown, and what asks it.

    What she puts right holds as long as the same is ``likely``.
    """

    key: str
    shown: str
    ask: Callable[[], Any]
    likely: Any


@dataclass
class Questions:
    """Asks what only the carer can know; what is likely is taken, and shown on one screen.

    Without an asker what would be asked is gathered in ``refused``; ``told`` are sentences that the
    carer should read before anything is saved.
    """

    asker: Asker | None
    given: Given
    known: Sequence[str] = ()  # clients
    now: datetime = datetime.min
    refused: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    first: Mapping[str, int] = field(default_factory=dict)  # the row in which a value stands first
    lines: list[Line] = field(default_factory=list)
    said: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # what was likely, and is said
    told_by: dict[int, list[str]] = field(default_factory=dict)  # each question that was asked

    def choose(self, choice: Choice[_Value]) -> _Value:
        """Return what was taken. Raises GoBack."""
        assert self.asker is not None  # noqa: S101 - whoever asks has looked
        return self.asker.choose(replace(choice, can_go_back=True))

    def ask_text(self, asked: Asked, read: Callable[[str], _Value]) -> _Value:
        """Return what ``read`` makes of what is typed. Raises GoBack."""
        assert self.asker is not None  # noqa: S101
        return ask_until_taken(self.asker, replace(asked, can_go_back=True), read)

    def require_answers(self) -> None:
        """Raise UsageProblem with everything that could not be asked, if there is something."""
        if self.refused:
            said = [shorten(each, _LINE) for each in dict.fromkeys(self.refused)]
            raise UsageProblem("\n".join([*name_some(said, _LINES), "Nothing was imported."]))

    def ask_in_turn(self, steps: Sequence[Step[_State]], state: _State) -> _State:
        """Return the state after all the steps; where one is asked anew, so is what it tells."""

        def begin(at: int, step: Step[_State]) -> Step[_State]:
            def ask(so_far: _State) -> _State | Settled[_State] | None:
                self.told = self.told_by[at] = []
                return step(so_far)

            return ask

        self.told_by = {-1: self.told}
        return ask_in_turn([begin(at, step) for at, step in enumerate(steps)], state)

    def recall(self, key: str, likely: Any, default: _Value) -> _Value:
        """Return what was put right, where the same was likely then."""
        before, value = self.said.get(key, (None, default))
        return value if before == likely else default

    def assume(
        self,
        key: str,
        likely: _Value | None,
        tell: Callable[[_Value], str],
        ask: Callable[[], _Value],
    ) -> _Value:
        """Return what is taken until the carer says otherwise; asked where nothing is likely."""
        if likely is None and key not in self.said:
            self.said[key] = None, ask()
        value = cast("_Value", self.recall(key, likely, likely))
        self.lines.append(Line(key, tell(value), self._ask_here(ask), likely))
        return value

    def _ask_here(self, ask: Callable[[], _Value]) -> Callable[[], _Value]:
        """Return what asks later with the rows in which values stand first as they are now."""
        first = self.first

        def ask_there() -> _Value:
            self.first = first
            return ask()

        return ask_there

    def assume_so(
        self, key: str, said: str, yes: str, no: str, *, is_so: bool = True, of: str = ""
    ) -> bool:
        """Return which of two is taken, the first if ``is_so``; its number turns it round.

        That holds as long as the same is ``said``, or is so of what it is said ``of``.
        """
        taken = self.recall(key, of or said, is_so)
        shown = f"{said}: {yes if taken else no}"
        self.lines.append(Line(key, shown, lambda: not taken, of or said))
        return taken

    def assume_option(self, key: str, said: str, choice: Choice[_Value]) -> _Value:
        """Return which option is taken, the chosen one until the carer says otherwise."""
        labels = {option.value: option.label for option in choice.options}
        likely = None if choice.chosen is None else choice.options[choice.chosen].value
        ask = partial(self.choose, choice)
        return self.assume(key, likely, lambda taken: f"{said}: {labels[taken]}", ask)

    def assume_each(
        self,
        title: str,
        likely: Mapping[str, _Value],
        put: Callable[[str, _Value], _Value],
        counted: Counted,
        tell: Callable[[_Value], str] = str,
    ) -> dict[str, _Value]:
        """Return what each value is taken for, in one line: put right one by one by ``put``.

        What was put right of one holds, whatever else is.
        """
        before, said = self.said.get(title, ({}, {}))
        own = {each: said[each] for each in said if said[each] != before.get(each)}
        taken = {each: own.get(each, to) for each, to in likely.items()}
        values = list(taken)

        def show(value: str) -> str:
            return f"{name_value(value)} ({self.tell_rows(value, counted)}): {tell(taken[value])}"

        def change(at: int) -> None:
            taken[values[at]] = put(values[at], taken[values[at]])

        def ask() -> dict[str, _Value]:
            put_right = f"{title}: is this right?"
            self.confirm(put_right, lambda: [show(each) for each in values], change)
            return dict(taken)

        shown = "; ".join(name_some([show(each) for each in values], _NAMED))
        self.lines.append(Line(title, f"{title}: {shown}", self._ask_here(ask), dict(likely)))
        return taken

    def put_option(
        self, options: Sequence[Option[_Value]], ask: Callable[[str], str]
    ) -> Callable[[str, _Value], _Value]:
        """Return what has one of a few options chosen for a value."""

        def put(value: str, taken: _Value) -> _Value:
            at, is_short = [option.value for option in options].index(taken), len(options) < _MANY
            chosen = None if is_short else at
            return self.choose(Choice(ask(value), tuple(options), chosen=chosen, in_a_row=is_short))

        return put

    def put_words(
        self, ask: Callable[[str], Asked], read: Callable[[str], str]
    ) -> Callable[[str, str], str]:
        """Return what has words typed for a value."""
        return lambda value, taken: self.ask_text(replace(ask(value), suggestion=taken), read)

    def tell_rows(self, value: str, counted: Counted) -> str:
        """Return in which row a value stands, or in how many."""
        number = self.first.get(value)
        return f"row {number}" if number and counted[value] == 1 else count_rows(counted[value])

    def confirm_all(
        self, ask: str, steps: Sequence[Assume[_State]], state: _State
    ) -> _State | Settled[_State]:
        """Return the state with all that ``steps`` take, shown on one screen, and right.

        Settled where nobody was asked. Raises GoBack.
        """
        taken = [state]

        def list_lines() -> list[str]:
            self.told.clear()
            self.lines, taken[0] = [], state
            for step in steps:
                taken[0] = step(taken[0])
            return [line.shown for line in self.lines]

        def change(at: int) -> None:
            line = self.lines[at]
            self.said[line.key] = line.likely, line.ask()

        if list_lines() and self.asker:
            self.confirm(ask, list_lines, change, wide=_WIDER)
            return taken[0]
        return Settled(taken[0])

    def confirm(
        self,
        ask: str,
        list_lines: Callable[[], list[str]],
        change: Callable[[int], None],
        list_rest: Callable[[], str] = str,
        wide: int = 0,
    ) -> None:
        """Show numbered lines until they are said to be right; a number changes that one.

        A single line is asked about at once, but where they may be ``wide``; an empty one is told
        of in what ``list_rest`` says. Raises GoBack.
        """
        if not wide and len(list_lines()) == 1:
            change(0)
            return
        help_text = "Enter: yes. Or the number of a line that is not right."
        while True:
            lines = list_lines()
            say()
            for number, line in enumerate(lines, start=1):
                if line:
                    say(f"{number:>3}  {shorten(line, wide or _WIDE)}")
            if rest := list_rest():
                say(rest)
            asked = Asked(ask, help_text, suggestion="yes")
            number = self.ask_text(asked, partial(_read_line_number, len(lines)))
            if not number:
                return
            with suppress(GoBack):
                change(number - 1)


def _read_line_number(most: int, typed: str) -> int:
    if fold_text(typed) in ("", "y", "yes"):
        return 0
    if typed.strip().isdecimal() and 1 <= int(typed) <= most:
        return int(typed)
    raise UsageProblem(f"Press Enter, or type a number from 1 to {most}.")


def name_value(value: str) -> str:
    """Return a cell in quotation marks, or that nothing stands there."""
    return f'"{shorten(show_safely(join_lines(value)), _GLIMPSE)}"' if value else "(nothing)"


def count_rows(count: int) -> str:
    """Return so many rows in words."""
    return count_of(count, "row")


def name_rows(numbers: "Sequence[int] | Mapping[int, object]") -> str:
    """Return rows by their numbers: ``rows 3 and 7``."""
    named = [*map(str, numbers)]
    return f"{'row' if len(named) == 1 else 'rows'} {join_words(name_some(named, _NAMED))}"
