"""Which way all the words of a line together lean: somebody was reached, or not.

What no list of phrases knows is weighed here. The weights beside the lists of words are fitted to
invented lines of many writers by ``tests/benchmarks/fit_leaning.py``.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from math import sqrt

_TURNS = frozenset((",", ".", "but", "then", "so", "and"))
_NUMBERS = frozenset(("111", "999", "101"))
_BEGINNING, _ENDING = 4, 3  # letters of a longer word that tell of its family


def weigh(words: Sequence[str]) -> float:
    """Return above 0 where ``words`` lean to somebody reached, below where to nobody."""
    weights = _read_weights()
    known = [weights[each] for each in set(list_features(words)) if each in weights]
    return weights[""] + sum(known) / sqrt(len(known) + 1)


def list_features(words: Sequence[str]) -> Iterator[str]:
    """Yield what is weighed: words, two together, parts of words, the words of the last turn."""
    plain = ["0" if each[0].isdigit() and each not in _NUMBERS else each for each in words]
    yield from plain
    yield from map(" ".join, pairwise(plain))
    yield from (f"{first} _ {third}" for first, third in zip(plain, plain[2:], strict=False))
    for word in plain:
        if len(word) > _BEGINNING:
            yield f"{word[:_BEGINNING]}*"
            yield f"*{word[-_ENDING:]}"
    last = max((at for at, word in enumerate(plain[:-1]) if word in _TURNS), default=0)
    yield from (f"last {word}" for word in plain[last:])


@cache
def _read_weights() -> dict[str, float]:
    from importlib.resources import files

    text = (files("nearmiss.words") / "leaning.tsv").read_text(encoding="utf-8")
    rows = (line.rsplit("\t", 1) for line in text.splitlines() if not line.startswith("#"))
    return {feature: int(weight) / 100 for feature, weight in rows}
