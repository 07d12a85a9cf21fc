"""The rows of a sheet that stay out, written to a new sheet beside it, each with its reason."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from nearmiss import files
from nearmiss.intake.columns import WHY
from nearmiss.interview.taking import Taking
from nearmiss.speech import say

if TYPE_CHECKING:
    from nearmiss.intake.sheet import Sheet


def _reserve(sheet: Path) -> Path:
    """Return the path of a new sheet for what stays out of another, named by it and taken."""
    for number in ("", *(f"-{each}" for each in range(2, 1000))):
        path = sheet.parent / f"left-out-{sheet.stem}{number}.csv"
        try:
            with path.open("x"):
                return path
        except FileExistsError:
            continue
        except OSError:
            break
    return path


def write_left_out(taking: Taking, sheet: "Sheet") -> Path | None:
    """Write the rows that stay out to a new sheet beside the file; None where that can't be."""
    from nearmiss.exports.formats import encode_row

    path = _reserve(taking.path)
    heads = [each.head for each in sheet.columns]

    def list_rows() -> Iterator[bytes]:
        yield b"\xef\xbb\xbf" + encode_row([*heads, WHY])
        for number, cells in sheet.read_rows():
            if number in taking.out:
                padded = [*cells, *[""] * (len(heads) - len(cells))]
                yield encode_row([*padded, f"row {number}: {taking.out[number]}"])

    try:
        files.write_private(path, b"".join(list_rows()))
    except OSError as error:
        say(f"The rows that stay out could not be written to {path}: {files.explain(error)}.")
        return None
    return path
