"""Reports as JSON, a list or a line each."""

from collections.abc import Iterable, Iterator

from nearmiss.records.account import Account
from nearmiss.records.plain import encode_account


def write_jsonl(accounts: Iterable[Account], seal: str) -> Iterator[bytes]:
    """Yield the reports as JSON lines."""
    for account in accounts:
        yield encode_account(account, seal) + b"\n"


def write_json(accounts: Iterable[Account], seal: str) -> Iterator[bytes]:
    """Yield the reports as one JSON list."""
    before = b"[\n"
    for account in accounts:
        yield before + encode_account(account, seal)
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"
