"""A test over many cases in one go."""

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import pytest

Check = Callable[..., None]


def over(names: str | tuple[str, ...], cases: Iterable[Any]) -> Callable[[Check], Check]:
    """Run a test over all ``cases`` and name every one that fails.

    As ``parametrize``, for cases of which nothing is seen by the next: a home, a book and a place
    in the queue for each costs more than most of them show.
    """
    every, named = list(cases), (names,) if isinstance(names, str) else names

    def decorate(check: Check) -> Check:
        @functools.wraps(check)
        def check_all(**fixtures: Any) -> None:
            failed = []
            for case in every:
                values = (case,) if isinstance(names, str) else case
                try:
                    check(**fixtures, **dict(zip(named, values, strict=True)))
                except (AssertionError, pytest.fail.Exception) as error:
                    failed.append(f"{case}: {error}")
            assert not failed, "\n\n".join(failed)

        whole = inspect.signature(check)
        rest = [each for each in whole.parameters.values() if each.name not in named]
        check_all.__signature__ = whole.replace(parameters=rest)  # type: ignore[attr-defined]
        return check_all

    return decorate
