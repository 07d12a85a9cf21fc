"""The table of commands: each is there, and says of itself what the table says."""

from typing import Any, cast

from typer.main import get_command

from nearmiss.cli import COMMANDS, app
from tests.cases import over
from tests.conftest import Run


@over("name", COMMANDS)
def test_a_command_says_of_itself_what_the_table_says(run: Run, name: str) -> None:
    program = cast(Any, get_command(app))
    command = program.get_command(program.make_context("nearmiss", ["list"]), name)
    said = " ".join(command.help.partition("\n\n")[0].split())
    assert said == COMMANDS[name].help
    assert said in " ".join(run(name, "--help").out.split())


def test_help_names_every_command_and_loads_none() -> None:
    import subprocess
    import sys

    code = (
        "import sys; sys.argv = ['nearmiss', '--help']\n"
        "from nearmiss.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(*sorted(each for each in sys.modules if 'commands.' in each))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    for name, row in COMMANDS.items():
        assert f"  {name}" in done.stdout
        assert row.help.split()[0] in done.stdout
    assert "nearmiss.commands." not in done.stdout
