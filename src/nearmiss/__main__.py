"""The program: ``nearmiss``, or ``python -m nearmiss``."""

import sys


def main() -> None:
    """Run the command that was typed."""
    from nearmiss.cli import app

    for stream in (sys.stdout, sys.stderr):
        _show_what_it_can(stream)
    app()


def _show_what_it_can(stream: object) -> None:
    # A character that a terminal's encoding lacks must not stop a report from being shown.
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    main()
