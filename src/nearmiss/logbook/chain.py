"""The chain of digests and seals that shows whether a book still stands as it was written."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from pydantic_core import to_json

_canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def encode_line(entry: Mapping[str, Any]) -> bytes:
    """Return ``entry`` as it stands on its line: compact JSON, without the LF."""
    return to_json(entry)


def compute_digest(entry: Mapping[str, Any]) -> str:
    """Return the digest of an entry parsed from its line, as 64 hex digits.

    SHA-256 of the canonical JSON (RFC 8785) of the entry without ``digest`` and ``seal``. An entry
    holds only strings, booleans, integers, lists and objects with ASCII keys: for those the
    standard library's sorted compact JSON is the canonical form.
    """
    covered = {key: value for key, value in entry.items() if key not in ("digest", "seal")}
    return hashlib.sha256(_canonical(covered).encode()).hexdigest()


def compute_seal(previous: str | None, digest: str) -> str:
    """Return the seal of a line from the previous line's seal (None for the first): 64 hex digits.

    SHA-256 of the 32 raw bytes of the previous seal followed by the 32 of the digest.
    """
    return hashlib.sha256(bytes.fromhex((previous or "") + digest)).hexdigest()
