"""``nearmiss import`` of a sheet or of JSON: understood, shown, and only then saved."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

from nearmiss.commands.left_out import write_left_out
from nearmiss.commands.remembered import keep_columns, remember_columns
from nearmiss.errors import CannotRead, UsageProblem
from nearmiss.intake.columns import IGNORE, name_field, normalise, quote, read_chosen
from nearmiss.interview.assumed import Given, name_rows
from nearmiss.interview.change_rows import change_rows
from nearmiss.interview.preview import (
    SHOWN,
    ask_to_save,
    show_doubtful,
    show_rows,
    tell_harm,
    tell_kinds,
    tell_untold,
)
from nearmiss.interview.saving import announce
from nearmiss.interview.sheet import SheetQuestions
from nearmiss.interview.taking import Taking
from nearmiss.model.ids import span_ids
from nearmiss.options import SHEET, offer
from nearmiss.session import Session
from nearmiss.speech import (
    count_of,
    is_conversation,
    join_words,
    name_some,
    say,
)
from nearmiss.terminal.asking import GoBack
from nearmiss.text import fold_text, join_lines, show_safely

if TYPE_CHECKING:
    from nearmiss.intake.reading import Reading
    from nearmiss.intake.sheet import Table
    from nearmiss.intake.table import Row
    from nearmiss.logbook.book import Written
    from nearmiss.model.ids import EntryId
    from nearmiss.model.problems import Problem
    from nearmiss.records.already import Already

_NAMED = 10
_LONG = 1000  # rows, from which reading takes a second or more
_MOST_BYTES = 256 * 1000 * 1000
HOLDS_NOTHING = "{} holds no entry. Nothing was imported. Choose another file."


@dataclass(frozen=True)
class SheetOptions:
    """What a sheet leaves open, answered in advance."""

    column: Annotated[
        list[str] | None,
        offer(SHEET, "What a column holds. FIELD may be kept or ignore.", metavar="HEAD=FIELD"),
    ] = None
    day_first: Annotated[bool, offer(SHEET, "3/4 is 3 April.", "--day-first")] = False
    month_first: Annotated[bool, offer(SHEET, "3/4 is 4 March.", "--month-first")] = False
    missing: Annotated[
        str | None,
        offer(SHEET, 'What stands where a sheet says nothing: "not known".', metavar="not-known"),
    ] = None
    hour_not_known: Annotated[
        bool, offer(SHEET, "Take rows without an hour: time not known.", "--hour-not-known")
    ] = False
    entry: Annotated[
        str | None, offer(SHEET, "What all rows are.", metavar="near-miss|incident")
    ] = None
    sheet: Annotated[str | None, offer(SHEET, "Which sheet of a workbook.", metavar="NAME")] = None
    yes: Annotated[bool, offer(SHEET, "Take what would be offered, and save.", "--yes")] = False

    def check(self) -> Given:
        """Return what was given. Raises UsageProblem."""
        if self.day_first and self.month_first:
            raise UsageProblem("Give --day-first or --month-first. Nothing was imported.")
        if self.missing and fold_text(self.missing).replace("-", " ") != "not known":
            raise UsageProblem("--missing can be: not-known. Nothing was imported.")
        entries = {"near-miss": "report", "incident": "incident", None: ""}
        if self.entry not in entries:
            raise UsageProblem("--entry can be: near-miss or incident. Nothing was imported.")
        order = "day" if self.day_first else "month" if self.month_first else None
        return Given(
            tuple(self.column or ()),
            order,  # type: ignore[arg-type]
            self.hour_not_known,
            bool(self.missing),
            entries[self.entry],
            self.yes,
        )


def import_rows(
    session: Session,
    path: Path,
    opened: BinaryIO,
    size: int,
    options: SheetOptions,
    *,
    dry_run: bool,
    skip_damaged: bool,
) -> None:
    """Take in a sheet, or JSON. Raises NearmissError; KeyboardInterrupt or EOFError."""
    from nearmiss.intake.json_rows import holds_json

    if size > _MOST_BYTES:
        raise CannotRead(path=path, reason=f"it is over {_MOST_BYTES // 1000**2} MB")
    given = replace(options.check(), skips=skip_damaged, shows=dry_run)
    opened.seek(0)
    try:
        if holds_json(opened.read(1000)):
            taking = _read_json(session, path, opened)
            _mind_faults(taking, skip_damaged=skip_damaged or dry_run)
            _finish(session, taking, given, dry_run=dry_run)
        else:
            questions = SheetQuestions(session.asker if is_conversation() else None, given)
            reading = _open_sheet(session, path, opened, questions, options.sheet)
            step = _RowsStep(session, path, questions, dry_run=dry_run)
            questions.ask_in_turn([*questions.steps, step.take], reading)
            taking = step.taking
        if dry_run and taking.faults and not (skip_damaged or is_conversation()):
            raise UsageProblem("So it would be refused: put those rows right, or --skip-damaged.")
    except GoBack:
        say("Nothing was imported.")


@dataclass
class _RowsStep:
    """Takes the rows in, as the last of what is asked; from there too the carer can go back.

    What she changed by hand is done again where she comes back.
    """

    session: Session
    path: Path
    questions: SheetQuestions
    dry_run: bool
    by_hand: list[tuple[str, list[int], Any]] = field(default_factory=list)

    def take(self, reading: "Reading") -> "Reading":
        """Read the rows, show them, and save them. Raises GoBack."""
        from nearmiss.terminal.show import show_working

        self.questions.require_answers()
        _tell_columns(self.questions, reading)
        count, plain = self.questions.sheet.count, self.session.is_plain
        with show_working(count, "Reading {count} rows", plain=plain, long=_LONG):
            taking = self.taking = _take_rows(self.session, self.path, self.questions, reading)
        _mind_doubles(self.session, taking)
        for how, numbers, value in self.by_hand:
            change_rows(taking, how, numbers, value)
        given = self.questions.given
        _mind_faults(taking, skip_damaged=given.skips or self.dry_run)
        try:
            _finish(self.session, taking, given, dry_run=self.dry_run)
        except GoBack:
            self.by_hand = taking.by_hand
            raise
        return reading


def _read_json(session: Session, path: Path, opened: BinaryIO) -> Taking:
    from nearmiss.intake.json_rows import holds_list, read_json_rows
    from nearmiss.model.problems import Faults

    opened.seek(0)
    data = opened.read()
    names = ("report", "reports") if holds_list(data) else ("line", "lines")
    faults, left_out, notes = Faults(*names), dict[str, None](), dict[str, None]()
    rows = list(read_json_rows(data, session.now(), faults, left_out, notes.setdefault))
    told = [f"Not taken: {join_words(list(left_out))}."] if left_out else []
    told += name_some(list(notes), _NAMED, "and {:,} more like that")
    if not rows and not faults:
        raise UsageProblem(HOLDS_NOTHING.format(path))
    taking = Taking(path, rows, faults, told, "report")
    _mind_doubles(session, taking)
    return taking


def _open_sheet(
    session: Session,
    path: Path,
    opened: BinaryIO,
    questions: SheetQuestions,
    wanted: str | None,
) -> "Reading":
    """Return the sheet in a file as its heads say that it is meant."""
    from nearmiss.intake.heads import find_heads
    from nearmiss.intake.sheet import read_first, scan_sheet
    from nearmiss.interview.known import collect_known
    from nearmiss.terminal.show import show_working

    _warn_of_lock(path)
    table = _open_table(opened, questions, wanted)
    first = read_first(table)
    heads = questions.ask_heads(find_heads(first), first)
    size = opened.seek(0, 2) // 200
    with show_working(size, "Reading the sheet", plain=session.is_plain, long=_LONG):
        sheet = scan_sheet(table, heads)
    if not sheet.count:
        raise UsageProblem(HOLDS_NOTHING.format(path))
    spread = dict.fromkeys(f"{top}-{last}" for top, last, _ in table.merged if top > heads.number)
    if spread:
        rows = join_words(name_some(list(spread), _NAMED))
        questions.told.append(f"A cell merged over several rows is taken for each: {rows}.")
    if sheet.repeated:
        said = join_words([quote(each) for each in dict.fromkeys(sheet.repeated.values())])
        questions.told.append(f"Taken from the row above, for {said}: {name_rows(sheet.repeated)}.")
    if sheet.has_day_lines:
        questions.told.append("Days stand in lines of their own: each is of the rows below it.")
    names = tuple(each.head for each in sheet.columns)
    try:
        chosen = read_chosen(questions.given.columns, names)
    except ValueError as problem:
        raise UsageProblem(f"{problem} Nothing was imported.") from None
    if remembered := remember_columns(session, names):
        words = "Columns with these heads are taken as they were the last time."
        (say if questions.asker else questions.told.append)(words)
    questions.name = path.stem
    questions.known, questions.now = collect_known(session.read_records()).clients, session.now()
    return questions.match(sheet, chosen, remembered)


def _warn_of_lock(path: Path) -> None:
    """Say it where another program has the sheet open: what is not saved there is not in it."""
    for name in (f"~${path.name}", f".~lock.{path.name}#"):
        if (path.parent / name).exists():
            say(f"Another program has {path.name} open: what was not saved there is not in it.")


def _open_table(opened: BinaryIO, questions: SheetQuestions, wanted: str | None) -> "Table":
    from nearmiss.intake.sheet import find_encodings, open_csv
    from nearmiss.intake.workbook import is_workbook, open_workbook

    if not is_workbook(opened):
        encoding = questions.ask_encoding(find_encodings(opened))
        questions.require_answers()
        return open_csv(opened, encoding.name)
    tables = open_workbook(opened)
    return questions.choose_table(tables, wanted)


def _tell_columns(questions: SheetQuestions, reading: "Reading") -> None:
    """Say what each column was taken for, where the carer did not see it."""
    if questions.is_confirmed:
        return
    columns = [*zip(questions.sheet.columns, reading.fields, strict=True)]
    read = [
        f"{show_safely(each.head)}: {name_field(name)}"
        for each, name in columns
        if name != IGNORE and normalise(each.head) not in (normalise(name_field(name)), name)
    ]
    if read and not reading.is_own and (questions.asker or questions.given.shows):
        questions.told.append(f"Columns read as: {'; '.join(read)}.")
    out = [show_safely(each.head) for each, name in columns if name == IGNORE and each.filled]
    if out:
        questions.told.append(f"Not taken: {', '.join(out)}.")


def _take_rows(
    session: Session, path: Path, questions: SheetQuestions, reading: "Reading"
) -> Taking:
    from nearmiss.intake.fields import BadReport
    from nearmiss.model.problems import Faults

    notes = dict[str, None]()
    told = [each for lines in questions.told_by.values() for each in lines]
    taking = Taking(path, [], Faults(), told, sheet=questions.sheet, reading=reading)
    take = _make_reader(session)
    taking.change = partial(_change_rows, session, taking)
    no_reports, asides = questions.found.no_reports, questions.found.asides
    for number, cells in questions.sheet.read_rows(reading.day_column):
        said: list[str] = []
        is_none = number in no_reports
        if is_none or number in asides:
            words = join_lines(" ".join(filter(None, map(str.strip, cells))))
            (taking.none if is_none else taking.asides)[number] = show_safely(words)
        if is_none:
            taking.out[number] = "looks like no report"
        try:
            taking.rows.append(take(number, cells, reading, said.append))
        except BadReport as problem:
            reasons = [_name_fault(reading, each) for each in problem.problems]
            if any(each.field == "occurred_at" for each in problem.problems):
                taking.undated.add(number)
            if number not in taking.out:
                for title, reason in reasons:
                    taking.faults.add(number, title, reason)
            said = [f"{title}: {reason}" for title, reason in reasons]
            taking.out[number] = "; ".join(filter(None, (taking.out.get(number), *said)))
            continue
        notes |= {} if is_none else dict.fromkeys(said)
    taking.told += name_some(list(notes), _NAMED, "and {:,} more like that")
    return taking


def _name_fault(reading: "Reading", problem: "Problem") -> tuple[str, str]:
    """Return a fault below the sheet's own head."""
    from nearmiss.model.questions import ANSWERS

    heads = reading.name_heads(problem.field)
    title = ANSWERS[problem.field].title if problem.field in ANSWERS else problem.field
    return (title if heads in ("", problem.field) else heads), problem.reason


def _make_reader(session: Session) -> Callable[..., "Row"]:
    """Return what reads a row, its kind suggested where it has none."""
    from nearmiss.insight.lexicon import read_lexicon, suggest_category, suggest_plainly
    from nearmiss.intake.table import read_row

    now = session.now()

    def suggest(fields: Mapping[str, Any]) -> Any:
        return suggest_category(fields, read_lexicon()) or suggest_plainly(fields, read_lexicon())

    return lambda number, cells, reading, note: read_row(number, cells, reading, now, suggest, note)


def _change_rows(
    session: Session, taking: Taking, how: str, numbers: frozenset[int], value: Any
) -> dict[int, "Row"]:
    """Return rows read anew as they are said to be; what can't be read stays as it is."""
    from nearmiss.intake.fields import BadReport

    before = taking.reading
    assert before  # noqa: S101 - of JSON, rows are only left out
    assert taking.sheet  # noqa: S101
    reading = _say_of_rows(before, how, numbers, value)
    take, found = _make_reader(session), dict[int, "Row"]()
    for number, cells in taking.sheet.read_rows(reading.day_column):
        if number in numbers:
            try:
                found[number] = take(number, cells, reading, str)
            except BadReport as problem:
                title, reason = _name_fault(reading, problem.problems[0])
                say(f"Row {number} stays as it is. {title}: {reason.rstrip('.')}.")
    taking.reading = _say_of_rows(before, how, frozenset(found), value)
    return found


def _say_of_rows(before: "Reading", how: str, numbers: frozenset[int], value: Any) -> "Reading":
    """Return how the sheet is meant with what is said of some of its rows."""
    if how in ("back", "told"):  # each has its own
        value = {each: one for each, one in value.items() if each in numbers}
    if how == "back":
        said: Any = {"back": before.back | numbers, "days": {**before.days, **value}}
    elif how == "others":
        said = {how: before.others ^ numbers}
    elif how == "worries":
        is_worry, is_known = value
        said = {how: {**before.worries, **dict.fromkeys(numbers, is_worry)}}
        said["knowing"] = before.knowing | numbers if is_known else before.knowing - numbers
    elif how == "told":
        said = {how: {**before.told, **value}}
    else:
        said = {how: {**getattr(before, how), **dict.fromkeys(numbers, value)}}
        said |= {"noticed": before.noticed - numbers} if how == "days" else {}
    return replace(before, **said)


def _mind_doubles(session: Session, taking: Taking) -> None:
    """Leave out what says the same as an earlier row, and what is here already."""
    from nearmiss.intake.table import find_repeated
    from nearmiss.records.already import find_near_rows

    repeated = list(find_repeated(taking.standing))
    noun = taking.noun.capitalize()
    again = [
        f"{noun} {row.number} says the same as {noun.lower()} {earlier.number}: it comes in once."
        if is_whole
        else f"{noun}s {earlier.number} and {row.number} may be the same event."
        for row, earlier, is_whole in repeated
    ]
    taking.told += name_some(again, _NAMED, "and {:,} more")
    here = _read_here(session, {row.origin for row in taking.rows if row.origin})
    gone = {row.number for row, _, is_whole in repeated if is_whole}
    rows = [row for row in taking.rows if row.number not in gone]
    erased = {row.number for row in rows if row.number not in taking.out and here.was_erased(row)}
    rows = [row for row in rows if row.number not in erased]
    taking.rows = [row for row in rows if row.number in taking.out or not here.holds(row)]
    taking.repeated, taking.here = len(gone), len(rows) - len(taking.rows)
    taking.erased = len(erased)
    near = [
        f"{noun.lower()} {row.number}: {own}" for row, own in find_near_rows(taking.standing, here)
    ]
    if erased:
        named = join_words(name_some([*map(str, sorted(erased))], _NAMED))
        taking.told.append(f"Left out, as it was erased here: {taking.noun} {named}.")
    if near:
        named = join_words(name_some(near, _NAMED))
        taking.told.append(f"Nearly the same as reports that are here: {named}.")


def _read_here(session: Session, wanted: set[str]) -> "Already":
    """Return what is here already, ``wanted`` being the ids that rows name of reports in a book."""
    from nearmiss.records.already import Already

    here = Already()
    for record in session.read_records():
        here.meet(record, wanted)
    here.meet_erased(session.book.read_forward(reports=False))
    return here


def _mind_faults(taking: Taking, *, skip_damaged: bool) -> None:
    """Refuse rows that can't be taken, or tell of them where the others may be saved."""
    if not taking.faults:
        return
    told = taking.faults.list_told()
    count = f"Some {taking.noun}s can't be imported"
    faults = "\n".join(told)
    if not taking.rows or not (skip_damaged or is_conversation()):
        others = "\nTo take the others all the same: add --skip-damaged" if taking.rows else ""
        raise UsageProblem(f"{count}. Nothing was imported. Please change:\n{faults}{others}")
    say(f"{count_of(taking.faults.places, taking.noun)} can't be taken:")
    for line in told:
        say(line)


def _finish(session: Session, taking: Taking, given: Given, *, dry_run: bool) -> None:
    """Show what would come, ask once, and save it."""
    asks = is_conversation() and not given.yes
    tell_harm(taking)
    reading = taking.reading
    if reading and not reading.is_own and (dry_run or asks):
        taking.told += filter(None, [tell_kinds(taking), tell_untold(taking)])
    for line in dict.fromkeys(taking.told):
        say(line)
    if dry_run or asks:
        show_rows(taking, range(SHOWN), plain=session.is_plain)
    show_doubtful(taking)
    if dry_run:
        named = count_of(len(taking.standing), "entry", "entries")
        say(f"Would add {named}.{taking.tell_rest()}")
        return
    if not taking.rows:
        all_here = "" if taking.erased else ": all of it is here already"
        say(f"Nothing to add{all_here}.{taking.tell_rest()}")
        return
    if asks and not ask_to_save(session.asker, taking, plain=session.is_plain):
        say("Nothing was imported.")
        return
    if not taking.standing:
        say(f"Nothing to add.{taking.tell_rest()}")
        return
    session.make_ready()
    left_out = write_left_out(taking, taking.sheet) if taking.sheet and taking.out else None
    written = _save(session, taking.standing)
    announce(written)
    if reading and (asks or given.columns):
        keep_columns(session, reading)
    _tell_added(written, left_out, taking)


def _save(session: Session, rows: "Sequence[Row]") -> "Written":
    def make(first: "EntryId") -> Iterator[tuple[Any, dict[str, Any]]]:
        return ((row.report, row.provenance | {"batch": str(first)}) for row in rows)

    return session.book.append_made(make, session.settings.author, session.now())


def _tell_added(written: "Written", left_out: Path | None, taking: Taking) -> None:
    span = span_ids(written.ids)
    say(f"Added {count_of(len(written.ids), 'entry', 'entries')}: {span}.{taking.tell_rest()}")
    if left_out:
        verb, reason = (
            ("is", "with its reason") if len(taking.out) == 1 else ("are", "each with its reason")
        )
        say(f"{count_of(len(taking.out), 'row')} {verb} in {left_out}, {reason}.")
    first = written.ids[0]
    say(f"To take all of it back: nearmiss import --undo {first}")
