"""The file as section 2 of its format describes it, checked by a second implementation."""

import hashlib
import json
from pathlib import Path
from typing import Any

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from nearmiss.logbook.book import Logbook
from nearmiss.logbook.lines import compute_digest
from nearmiss.model.entries import (
    ComparisonFields,
    CorrectionFields,
    DisclosureFields,
    ErasureFields,
    FollowUpFields,
)
from tests.conftest import NOW, make_report


def check_chain(file: Path) -> list[dict[str, Any]]:
    """Check every line with hashlib and rfc8785 alone; return the entries."""
    data = file.read_bytes()
    assert data.endswith(b"\n")
    entries = [json.loads(line) for line in data[:-1].split(b"\n")]
    seal = b""
    for number, entry in enumerate(entries):
        assert entry["id"] == f"{entries[0]['id'][:4]}-{number:04d}"
        covered = {key: entry[key] for key in entry if key not in ("digest", "seal")}
        digest = hashlib.sha256(rfc8785.dumps(covered)).digest()
        seal = hashlib.sha256(seal + digest).digest()
        assert (entry["digest"], entry["seal"]) == (digest.hex(), seal.hex())
        assert len(bytes.fromhex(entry["nonce"])) == 16
    return entries


def test_every_kind_of_entry_is_chained_as_the_format_says(book: Logbook) -> None:
    first = book.append([make_report(), make_report()], "Maria, carer", NOW).ids
    book.append(
        [
            CorrectionFields(about=first[0], changes={"client": "MC"}, reason="Wrong letters"),
            FollowUpFields(about=first[0], note="Rug is gone.", closes=True),
            ComparisonFields(about=first[1], other=first[0], same_hazard=True),
            DisclosureFields(
                audience="family",
                recipient="Sue",
                basis="client_agreed",
                decided_by="MB",
                form="print",
                reports=[first[0]],
                sha256="0" * 64,
                seal_shown="8K2M-Q7XR-ZZ3A-01TB",
            ),
            ErasureFields(about=first[1], erased=[first[1]], reason="Asked for"),
        ],
        "Maria, carer",
        NOW,
    )
    entries = check_chain(book.path)
    assert [entry["entry"] for entry in entries] == [
        "opened",
        "report",
        "report",
        "correction",
        "follow_up",
        "comparison",
        "disclosure",
        "erasure",
    ]
    assert entries[0]["format"] == 1
    assert entries[1]["recorded_at"] == "2026-04-14T21:40:00+01:00"
    assert not any(value is None for entry in entries for value in entry.values())
    assert len({entry["nonce"] for entry in entries}) == len(entries)


texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    texts | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.from_regex("[a-z_]{1,8}", fullmatch=True), values, max_size=5))
def test_the_digest_is_that_of_the_canonical_form(entry: dict[str, Any]) -> None:
    covered = {key: entry[key] for key in entry if key not in ("digest", "seal")}
    assert compute_digest(entry) == hashlib.sha256(rfc8785.dumps(covered)).hexdigest()
