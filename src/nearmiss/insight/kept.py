"""What reports mean, kept beside the drafts so that it is found out once; never in the book."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from struct import Struct
from zlib import crc32

from nearmiss import files
from nearmiss.insight.traits import Meaning, find_meaning, split_parts
from nearmiss.insight.word_table import VECTOR_BYTES, WordTable, read_vector, write_vector
from nearmiss.model.entries import Report

_KEY = 16  # bytes
_LAYOUT = Struct(f"<{_KEY}si{VECTOR_BYTES}sI")
_MOST = 4_000_000  # bytes; beyond that it begins anew


class KeptMeanings:
    """The meanings of saved reports, by entry, digest and text.

    Whatever is wrong with the file, a meaning is found out again.
    """

    def __init__(self, path: Path, table: WordTable) -> None:
        self._path = path
        self._table = table
        self._known = _read(path)
        self._new: dict[bytes, Meaning] = {}

    def find(self, report: Report) -> Meaning | None:
        """Return what ``report`` means, or None where no word of it is known."""
        key = _make_key(report, self._table)
        kept = self._known.get(key)
        if kept is not None:
            return Meaning(read_vector(kept[1]), kept[0])
        meaning = self._new.get(key) or find_meaning(report, self._table)
        if meaning:
            self._new[key] = meaning
        return meaning

    def keep(self) -> None:
        """Have on the disk what was found out since; where that fails, it costs only time."""
        if not self._new:
            return
        data = b"".join(_pack(key, meaning) for key, meaning in self._new.items())
        with suppress(OSError):
            files.make_private_folder(self._path.parent)
            size = self._path.stat().st_size if self._path.exists() else 0
            if size > _MOST or size % _LAYOUT.size:  # a write was cut off there
                self._path.unlink()
            descriptor = files.open_private(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            try:
                os.write(descriptor, data)  # a write cut off costs only what it held
            finally:
                os.close(descriptor)
        self._new.clear()


def name_file(folder: Path, logbook: Path) -> Path:
    """Return where in ``folder`` the meanings for ``logbook`` are kept."""
    book = str(logbook.resolve()).encode("utf-8", "replace")
    return folder / f"{hashlib.sha256(book).hexdigest()[:8]}-meanings.bin"


def forget_meanings(folder: Path, logbook: Path) -> None:
    """Throw away what is kept for ``logbook``, as its reports are erased. Raises OSError."""
    name_file(folder, logbook).unlink(missing_ok=True)


def _make_key(report: Report, table: WordTable) -> bytes:
    texts = [*split_parts(report).values(), report.client, *report.informed]
    text = "\0".join([table.version, report.id, report.digest, *texts])
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=_KEY).digest()


def _pack(key: bytes, meaning: Meaning) -> bytes:
    vector = write_vector(meaning.vector)
    checksum = _check(key, meaning.usual, vector)
    return _LAYOUT.pack(key, meaning.usual, vector, checksum)


def _check(key: bytes, usual: int, vector: bytes) -> int:
    return crc32(b"%s%d%s" % (key, usual, vector))


def _read(path: Path) -> dict[bytes, tuple[int, bytes]]:
    try:
        data = path.read_bytes()
    except OSError:
        return {}
    whole = len(data) - len(data) % _LAYOUT.size
    return {
        key: (usual, vector)
        for key, usual, vector, checksum in _LAYOUT.iter_unpack(data[:whole])
        if _check(key, usual, vector) == checksum
    }
