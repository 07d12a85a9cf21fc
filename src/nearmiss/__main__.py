"""The program: ``nearmiss``, or ``python -m nearmiss``."""

import gc
import os
import sys

_MANY_OBJECTS = 300_000  # new ones, after which Python looks for those that are used no more
_SELDOM = 20  # such looks, after which it looks at older ones too


def main() -> None:
    """Run the command that was typed."""
    _open_streams()
    if sys.argv[1:] == ["--version"]:  # asked by scripts; nothing else need be loaded for it
        from nearmiss import __version__
        from nearmiss.speech import print_data

        sys.exit(print_data([f"nearmiss {__version__}"]) and 1)
    # All that is loaded now stays: to look through it for what is not used any more, again and
    # again, is a tenth of the time that a short command takes.
    gc.set_threshold(_MANY_OBJECTS, _SELDOM, _SELDOM)
    from nearmiss.cli import app
    from nearmiss.speech import end_speech

    # A character that a terminal's encoding lacks must not stop a report from being shown, and
    # bytes that are no characters must be refused in words.
    _set_errors(sys.stdin, "surrogateescape")
    _set_errors(sys.stdout, "backslashreplace")
    _set_errors(sys.stderr, "backslashreplace")
    code: object = 0
    try:
        app()
    except SystemExit as end:
        code = end.code
    except OSError as error:  # the help itself could not be shown
        code = _tell_unprinted(error)
    code = _end_output() or code
    end_speech()
    sys.exit(code)  # type: ignore[arg-type]


def _open_streams() -> None:
    """Put something in the place of standard streams that were closed.

    Else the logbook itself would be opened under the number of stderr, and who writes to that
    would write into it. What is written to a closed stdout fails, as it should.
    """
    modes = (os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)
    names = ("stdin", "stdout", "stderr")
    for descriptor, (name, mode) in enumerate(zip(names, modes, strict=True)):
        if getattr(sys, name) is None:
            try:
                os.fstat(descriptor)
            except OSError:
                os.open(os.devnull, mode)
            mode_text = "r" if name == "stdin" else "w"
            setattr(sys, name, os.fdopen(descriptor, mode_text, encoding="utf-8"))


def _end_output() -> int:
    """Have what was printed leave now, and return 1 where it can't: later, Python would show it."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError) as error:
        return _tell_unprinted(error)
    return 0


def _tell_unprinted(error: Exception) -> int:
    """Say that not all could be shown, unless nobody wanted the rest; return 1."""
    from nearmiss.files import explain
    from nearmiss.speech import discard_output, say

    discard_output()
    if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
        say(f"Not all could be shown: {explain(error)}. What is saved stays saved.")
    return 1


def _set_errors(stream: object, errors: str) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(errors=errors)
        if stream is sys.__stdout__ and not os.isatty(1):  # a file, or another program
            reconfigure(encoding="utf-8")


if __name__ == "__main__":
    main()
