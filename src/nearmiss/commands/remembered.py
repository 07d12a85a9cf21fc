"""What a carer said of the columns of a sheet, kept for the next one with the same heads."""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from nearmiss import files
from nearmiss.intake.columns import FIELDS, WHY
from nearmiss.intake.reading import Reading
from nearmiss.session import Session
from nearmiss.text import fold_text

_MOST_REMEMBERED = 50  # sets of heads


def _find_remembered(session: Session) -> Path:
    return session.paths.state / "sheets.json"


def _hash(text: str) -> str:
    return hashlib.sha256(fold_text(text).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _hash_heads(heads: Sequence[str]) -> str:
    return _hash("\n".join(sorted({fold_text(each) for each in heads} - {fold_text(WHY)})))


def _read_remembered(session: Session) -> dict[str, dict[str, str]]:
    try:
        known = json.loads(files.read_ordinary(_find_remembered(session)))
    except (OSError, ValueError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}


def remember_columns(session: Session, heads: Sequence[str]) -> dict[str, str]:
    """Return what the carer said of the columns of a sheet with the same heads before."""
    known = _read_remembered(session).get(_hash_heads(heads))
    if not isinstance(known, dict):
        return {}
    found = {head: known.get(_hash(head)) for head in heads}
    return {head: name for head, name in found.items() if name in FIELDS}


def keep_columns(session: Session, reading: Reading) -> None:
    """Keep what was said of the columns for the next such sheet; heads as digests alone."""
    known = _read_remembered(session)
    key = _hash_heads(reading.heads)
    pairs = zip(reading.heads, reading.fields, strict=True)
    known.pop(key, None)
    known[key] = {_hash(head): name for head, name in pairs}
    kept = dict(list(known.items())[-_MOST_REMEMBERED:])
    with suppress(OSError):
        path = _find_remembered(session)
        files.make_private_folder(path.parent)
        files.write_private(path, json.dumps(kept).encode())
