"""Ids and seals as people read and type them."""

import base64

from hypothesis import given
from hypothesis import strategies as st

from nearmiss.model.ids import EntryId, new_tag, read_seal, read_typed, show_seal
from tests.cases import over

hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)


@over(
    ("typed", "read"),
    [
        ("42", (None, 42)),
        ("0042", (None, 42)),
        ("k7qx-42", ("K7QX", 42)),
        (" K7QX-0042 ", ("K7QX", 42)),
        ("KO1L-12345", ("K011", 12345)),
        ("last", None),
        ("-1", None),
        ("K7QX", None),
        ("K7QX-", None),
        ("K7QX-4x", None),
        ("４２", None),
    ],
)
def test_reads_ids_as_people_type_them(typed: str, read: object) -> None:
    assert read_typed(typed) == read


@given(st.integers(0, 10**6))
def test_an_id_reads_back(number: int) -> None:
    own = EntryId(new_tag(), number)
    assert EntryId.parse(str(own)) == own
    assert read_typed(str(own).lower()) == (own.tag, own.number)


@given(hashes)
def test_a_seal_is_the_first_80_bits_in_crockford_base_32(seal: str) -> None:
    standard = base64.b32encode(bytes.fromhex(seal[:20])).decode()
    crockford = standard.translate(
        str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    )
    assert show_seal(seal).replace("-", "") == crockford


@given(hashes)
def test_a_seal_may_be_typed_with_the_usual_slips(seal: str) -> None:
    shown = show_seal(seal)
    slips = shown.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert read_seal(slips) == shown


@over("typed", ["", "8K2M", "8K2M-Q7XR-ZZ3A-01TU", "8K2M-Q7XR-ZZ3A-01TB-0"])
def test_what_cannot_be_a_seal_is_refused(typed: str) -> None:
    assert read_seal(typed) is None
