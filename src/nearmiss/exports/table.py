"""Reports as a table: the texts of its cells, and CSV with a row each."""

from collections.abc import Iterable, Iterator
from itertools import chain

from nearmiss.model.entries import BOOK_SEAL, LATER_COLUMNS
from nearmiss.records import words
from nearmiss.records.data import COLUMNS, CONCERN, list_values
from nearmiss.records.record import Corrected, FollowedUp, HandedOver, Record
from nearmiss.text import end_sentence

_HANDED = "disclosures"
_NONE = dict.fromkeys(LATER_COLUMNS, "")


def list_columns(record: Record | None) -> tuple[str, ...]:
    """Return the columns of later facts for the reader of a record.

    An empty column of what was handed over would say that nothing was.
    """
    if record is None or record.shows_handing:
        return LATER_COLUMNS
    return tuple(each for each in LATER_COLUMNS if each != _HANDED)


def list_later(record: Record) -> dict[str, str]:
    """Return the later facts of a report by column, several in a cell on a line each."""
    facts = _list_all(record)
    if record.shows_handing:
        return facts
    return {name: text for name, text in facts.items() if name != _HANDED}


def _list_all(record: Record) -> dict[str, str]:
    if not (record.follow_ups or record.corrections or record.disclosures):
        origin, claims = words.tell_origin(record), _join(record.claims)
        return _NONE | {"pattern": record.pattern, "origin": origin, "claims": claims}
    closing, step, plan = record.closing, record.next_step, record.care_plan
    return {
        "closed_on": closing.recorded_at[:10] if closing else "",
        "withdrawn": words.tell_withdrawn(record.withdrawn) if record.withdrawn else "",
        "harm_found": _join(
            f"{words.name_harm(record, each)}: {each.harm_found} "
            f"({words.tell_told_of_harm(record, each)})"
            for each in record.harm_found
        ),
        "changes": _join(map(words.tell_changed, record.changes)),
        "follow_ups": _join(_tell_follow_up(record, each) for each in record.follow_ups),
        "care_plan_status": plan.status if plan else "",
        "care_plan_day": plan.day.isoformat() if plan else "",
        "corrections": _join(map(_tell_correction, record.corrections)),
        "next_step": step.text if step else "",
        "next_who": step.who if step else "",
        "next_due": step.due.isoformat() if step and step.due else "",
        "next_steps": _join(map(words.tell_step, record.steps)),
        "steps_done": _join(map(words.tell_step, record.steps_done)),
        "pattern": record.pattern,
        "origin": words.tell_origin(record),
        "claims": _join(record.claims),
        "disclosures": _join(map(_tell_disclosure, record.disclosures)),
    }


def _join(texts: Iterable[str]) -> str:
    return "\n".join(texts)


def _tell_follow_up(record: Record, entry: FollowedUp) -> str:
    said = map(end_sentence, words.tell_follow_up(record, entry))
    return f"{entry.id}, {words.tell_stamp(entry)}: {' '.join(said)}"


def _tell_correction(entry: Corrected) -> str:
    about = f"{entry.id} of {entry.about}, {words.tell_stamp(entry)}"
    return f"{about}: {'; '.join(words.tell_changes(entry))}"


def _tell_disclosure(entry: HandedOver) -> str:
    told = words.tell_handed_over(entry).replace("\n", " ")
    return f"{entry.id}, {words.tell_stamp(entry)}: {told}"


# A spreadsheet takes text that begins like this for a formula, or loses its first character
# (https://owasp.org/www-community/attacks/CSV_Injection). The import takes the mark off again.
_RISKY_STARTS = frozenset("=+-@'\t\n")
_BOM = "\ufeff"


def write_csv(records: Iterable[Record], seal: str) -> Iterator[bytes]:
    """Yield the reports as UTF-8 CSV with a byte order mark, list items separated by LF.

    Every cell is quoted, as RFC 4180 section 2 describes; the csv module does the same in three
    times the time, and whole books are exported.
    """
    rest = iter(records)
    first = next(rest, None)
    later = list_columns(first)
    yield f"{_BOM}{_quote((*COLUMNS, *later, BOOK_SEAL))}\r\n".encode()
    end = f",{_quote([seal])}\r\n"
    nothing_later = f",{_quote([''] * len(later))}{end}"
    for record in chain([first] if first else [], rest):
        answers = _quote(_list_answers(record))
        if record.has_later:
            yield f"{answers},{_quote(list_later(record).values())}{end}".encode()
        else:
            yield f"{answers}{nothing_later}".encode()


def _quote(cells: Iterable[str]) -> str:
    """Return cells as they stand in a row, none of which is taken for a formula."""
    safe = [f"'{cell}" if cell[:1] in _RISKY_STARTS else cell for cell in cells]
    row = _BETWEEN.join(safe)
    if row.count('"') > 2 * (len(safe) - 1):  # some stand in the cells themselves
        row = _BETWEEN.join([cell.replace('"', '""') for cell in safe])
    return f'"{row}"'


_BETWEEN = '","'


def encode_row(cells: Iterable[str]) -> bytes:
    """Return cells as a row of a CSV, none of which is taken for a formula."""
    return f"{_quote(cells)}\r\n".encode("utf-8", "replace")


def _list_answers(record: Record) -> list[str]:
    cells = list_values(record)
    for at in _LISTS:
        cells[at] = "\n".join(cells[at] or ())
    for at in _TRUTHS:
        cells[at] = "true" if cells[at] else "false"
    for at in _SELDOM:
        cells[at] = "true" if cells[at] is True else cells[at] or ""
    if record.report.hour_not_known:
        cells[_WHEN] = cells[_WHEN][:_A_DAY]
    if not record.shows_concern:
        cells[CONCERN] = ""
    return cells


_A_DAY = len("2026-04-14")
_WHEN = COLUMNS.index("occurred_at")
_TRUTHS = tuple(COLUMNS.index(name) for name in ("occurred_approx", "safeguarding"))
_LISTS = tuple(
    COLUMNS.index(name) for name in ("informed", "tried", "concern_informed", "recommendations")
)
_SELDOM = tuple(
    COLUMNS.index(name)
    for name in (
        "hour_not_known",
        "noticed",
        "what_nearly_happened",
        "how_prevented",
        "what_happened",
        "injury",
    )
)
