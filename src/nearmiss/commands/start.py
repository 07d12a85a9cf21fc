"""``nearmiss`` alone: the way to begin."""

import typer

from nearmiss.speech import say


def say_how_to_begin(context: typer.Context) -> None:
    """Say what can be done first."""
    del context
    say("Write down a near miss: nearmiss log")
    say("See your reports:       nearmiss list")
    say("Everything else:        nearmiss --help")
