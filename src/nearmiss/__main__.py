"""The program: ``nearmiss``, or ``python -m nearmiss``."""

import sys


def main() -> None:
    """Run the command that was typed."""
    if sys.argv[1:] == ["--version"]:  # asked by scripts; nothing else need be loaded for it
        from nearmiss import __version__

        print(f"nearmiss {__version__}")
        return
    from nearmiss.cli import app

    # A character that a terminal's encoding lacks must not stop a report from being shown, and
    # bytes that are no characters must be refused in words.
    _set_errors(sys.stdin, "surrogateescape")
    _set_errors(sys.stdout, "backslashreplace")
    _set_errors(sys.stderr, "backslashreplace")
    app()


def _set_errors(stream: object, errors: str) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(errors=errors)


if __name__ == "__main__":
    main()
