"""What was said twice on the command line, where only one of the two could be kept."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any, get_origin

from nearmiss.options.misuse import Misuse
from nearmiss.speech import join_words

_OPPOSITES = (("--include-safeguarding", "--without-safeguarding"),)  # each an option of its own


class SaidTwice(Misuse):
    """An option that takes one value was given two."""

    def __init__(self, *, option: str) -> None:
        super().__init__(f"{option} is given twice. Nothing was done. Say it once")


class Contradiction(Misuse):
    """Two options say the opposite of each other."""

    def __init__(self, *, options: Sequence[str]) -> None:
        super().__init__(
            f"{join_words(list(options))} say opposite things. Nothing was done. "
            "Leave one of them out"
        )


def refuse_repeats(command: Any, context: Any, args: Sequence[str]) -> None:
    """Raise SaidTwice or Contradiction where of what was typed only the last would be kept."""
    if context.resilient_parsing:  # a shell asks what could come next
        return
    _, _, given = command.make_parser(context).parse_args(args=list(args))
    options = [each for each in given if each.param_type_name == "option"]
    for option in options:
        if options.count(option) > 1 and not _may_be_repeated(option):
            _refuse(option, args)
    names = {each.opts[0] for each in options}
    for pair in _OPPOSITES:
        if names.issuperset(pair):
            raise Contradiction(options=pair)


def _may_be_repeated(option: Any) -> bool:
    """Whether nothing is lost: it takes several values, or says the one thing that it can say."""
    is_list = get_origin(option.type_descriptor.annotation) is list
    return is_list or (option.is_flag and not option.secondary_opts)


def _refuse(option: Any, args: Sequence[str]) -> None:
    names = (*option.opts, *option.secondary_opts)
    before_rest = takewhile(lambda word: word != "--", args)
    typed = [name for name in (word.partition("=")[0] for word in before_rest) if name in names]
    said = tuple(dict.fromkeys(typed))
    sides = {name in option.secondary_opts for name in said}
    if len(sides) > 1:
        raise Contradiction(options=said)
    if not option.is_flag:
        raise SaidTwice(option=said[0] if said else option.opts[0])
