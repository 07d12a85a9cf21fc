"""A command from a function that takes typed sets of options."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, get_type_hints

import typer

from nearmiss.session import Session

PLAIN_HELP = "No colour, no boxes; one question a line."
_PLAIN = Parameter(
    "plain",
    Parameter.KEYWORD_ONLY,
    default=False,
    annotation=Annotated[bool, typer.Option("--plain", help=PLAIN_HELP)],
)
_CONTEXT = Parameter("context", Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)


def unfold(command: Callable[..., None]) -> Callable[..., None]:
    """Return ``command`` as typer reads it: each set of options written out, and ``--plain``.

    ``command`` takes the session first. A parameter whose type is a frozen dataclass is a set of
    options; it is handed over whole. An option that stands in two sets is given to both.
    """
    hints = get_type_hints(command, include_extras=True)
    own = [each for name, each in signature(command).parameters.items() if name != "session"]
    sets = {each.name: hints[each.name] for each in own if is_dataclass(hints[each.name])}

    @wraps(command)
    def run(context: typer.Context, **given: Any) -> None:
        session = _find_session(context, plain=given.pop("plain"))
        made = {name: _make_set(kind, given) for name, kind in sets.items()}
        alone = {each.name: given[each.name] for each in own if each.name not in sets}
        command(session, **alone, **made)

    written_out: dict[str, Parameter] = {}
    for each in own:
        for parameter in _write_out(each, hints[each.name]):
            written_out.setdefault(parameter.name, parameter)
    run.__signature__ = Signature(  # type: ignore[attr-defined]
        [_CONTEXT, *written_out.values(), _PLAIN]
    )
    run.__annotations__ = {
        "context": typer.Context,
        **{name: each.annotation for name, each in written_out.items()},
        "plain": _PLAIN.annotation,
    }
    return run


def _write_out(parameter: Parameter, kind: Any) -> list[Parameter]:
    if not is_dataclass(kind):
        return [parameter.replace(kind=Parameter.KEYWORD_ONLY, annotation=kind)]
    hints = get_type_hints(kind, include_extras=True)
    return [
        Parameter(
            each.name, Parameter.KEYWORD_ONLY, default=each.default, annotation=hints[each.name]
        )
        for each in fields(kind)
    ]


def _make_set(kind: Any, given: dict[str, Any]) -> object:
    return kind(**{each.name: given[each.name] for each in fields(kind)})


def _find_session(context: typer.Context, *, plain: bool) -> Session:
    session = context.find_root().obj
    assert isinstance(session, Session)  # noqa: S101 - set before any command runs
    session.plain = session.plain or plain
    return session
