"""One question after the other: what going back leads to, and what it leaves."""

import signal
import sys
from typing import Any, cast

import pytest

from nearmiss.terminal.asking import GoBack, Settled, ask_in_turn, stop_on_signals


def test_going_back_passes_over_what_was_settled_with_nothing_asked() -> None:
    script: list[object] = ["first", GoBack, "other", "second"]
    stood: list[str] = []

    def ask(so_far: str) -> str:
        stood.append(so_far)
        answer = script.pop(0)
        if answer is GoBack:
            raise GoBack
        return f"{so_far} {answer}"

    def settle(so_far: str) -> Settled[str]:
        return Settled(f"{so_far} settled")

    assert ask_in_turn([settle, ask, settle, ask], "") == " settled other settled second"
    assert stood == [" settled", " settled first settled", " settled", " settled other settled"]


def test_going_back_leads_to_the_last_that_asked_with_what_stood_before_it() -> None:
    script = ["first", "second", GoBack, GoBack, "other", "second", "third"]
    stood: list[tuple[str, str]] = []

    def make_step(name: str) -> object:
        def ask(so_far: str) -> str | None:
            if name == "silent":
                return None
            stood.append((name, so_far))
            answer = script.pop(0)
            if answer is GoBack:
                raise GoBack
            return f"{so_far} {answer}"

        return ask

    steps = [make_step(name) for name in ("one", "silent", "two", "three")]
    assert ask_in_turn(steps, "") == " other second third"  # type: ignore[arg-type]
    assert stood == [
        ("one", ""),
        ("two", " first"),
        ("three", " first second"),
        ("two", " first"),
        ("one", ""),
        ("two", " other"),
        ("three", " other second"),
    ]


def test_it_begins_where_it_is_told_and_going_back_leads_before_that_and_out() -> None:
    put: list[int] = []

    def make_step(number: int, goes_back: bool) -> object:
        def ask(so_far: int) -> int:
            put.append(number)
            if goes_back:
                raise GoBack
            return so_far + number

        return ask

    with pytest.raises(GoBack):
        ask_in_turn([make_step(1, True), make_step(2, True), make_step(3, False)], 0, 1)  # type: ignore[list-item]
    assert put == [2, 1]


def test_an_interrupt_after_a_closed_window_breaks_nothing_off() -> None:
    if sys.platform == "win32":
        pytest.skip("has no such signal")
    stopped: list[str] = []

    class Closed:
        def stop(self) -> None:
            stopped.append("asked to stop")

    before = signal.signal(signal.SIGHUP, lambda number, frame: None)
    try:
        with stop_on_signals(cast(Any, Closed)):
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGHUP)
            for number in (signal.SIGINT, signal.SIGHUP):  # as some terminals send them too
                signal.raise_signal(number)
            stopped.append("and what was typed is kept")
    finally:
        signal.signal(signal.SIGHUP, before)
    assert stopped == ["asked to stop", "and what was typed is kept"]
