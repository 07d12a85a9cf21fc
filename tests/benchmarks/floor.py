"""The floor: a bare program of two commands that loads what any such program would."""

import platformdirs
import typer
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

app = typer.Typer()


class Row(BaseModel):
    """One model."""

    text: str


@app.command()
def one() -> None:
    """Print a word."""
    print(Row(text="one").text)


@app.command()
def two() -> None:
    """Print a folder; the names keep what is loaded in use."""
    print(platformdirs.user_data_dir("floor"), Console, Table)


if __name__ == "__main__":
    app()
