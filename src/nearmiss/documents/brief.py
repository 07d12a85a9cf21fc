"""What a document is made from, and the phrases, plots and patterns that documents share."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from nearmiss.dates.shown import MONTHS, echo_day, echo_span, take_day
from nearmiss.documents.blocks import (
    Blank,
    Blanks,
    Block,
    Document,
    Front,
    Group,
    Heading,
    Plot,
    Words,
)
from nearmiss.documents.ledger import NOTHING_HELD, Ledger, tell_ids
from nearmiss.documents.reader import Rules
from nearmiss.insight.cases import Verdicts
from nearmiss.insight.telling import (
    OVER,
    count_kinds,
    is_over,
    list_places,
    name_hazard,
    tell_hazard,
    tell_since,
)
from nearmiss.model.entries import ReportFields
from nearmiss.model.ids import show_number
from nearmiss.model.questions import CATEGORY_LABELS
from nearmiss.records import words
from nearmiss.records.handed import Span
from nearmiss.records.record import FollowedUp, NextStep, Record
from nearmiss.speech import count_of, join_words
from nearmiss.text import fold_text, take_name

# The fields that say what happened, by whether it is an incident.
TOLD_IN = {
    False: ("what_nearly_happened", "how_prevented"),
    True: ("what_happened", "injury"),
}
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def join_parts(*texts: str) -> str:
    """Return the texts that are not empty beside each other on a line."""
    return " · ".join(filter(None, texts))


def tell_span_of(records: Sequence[Record]) -> str:
    """Return the first and the last day on which something happened."""
    return echo_span([record.report.occurred for record in records])


def tell_delay(delay: timedelta) -> str:
    """Return how long after the happening something was written: ``1 hour 45 minutes later``."""
    if delay < _MINUTE:
        return "at once"
    if delay >= 2 * _DAY:  # at least, so that 25 hours are not rounded to one
        return f"{count_of(delay // _DAY, 'day')} later"
    hours, rest = divmod(delay, _HOUR)
    parts = ((hours, "hour"), (rest // _MINUTE, "minute"))
    return f"{' and '.join(count_of(number, unit) for number, unit in parts if number)} later"


def tell_lateness(record: Record, report: ReportFields, rules: Rules) -> str:
    """Return in brackets how long after it happened a report was written, where that is known."""
    is_timed = rules.delay and not (report.hour_not_known or record.taken_from)
    if not (record.written_at and is_timed):
        return ""
    return f" ({tell_delay(record.written_at - report.occurred)})"


def count_near_misses(records: Sequence[Record]) -> str:
    """Return how many incidents and near misses there are, in words; withdrawn ones are none."""
    standing = [record for record in records if not record.withdrawn]
    incidents = sum(record.is_incident for record in standing)
    misses = len(standing) - incidents
    shown = [count_of(incidents, "incident")] if incidents else []
    shown += [count_of(misses, "near miss")] if misses or not incidents else []
    return ", ".join(shown)


def count_reports(records: Sequence[Record]) -> str:
    """Return how many incidents and near misses there are, and how many withdrawn reports."""
    gone = sum(bool(record.withdrawn) for record in records)
    return f"{count_near_misses(records)}{f', {gone} withdrawn' if gone else ''}"


def list_harm(records: Iterable[Record]) -> list[tuple[Record, FollowedUp]]:
    """Return each harm found later with its report, the latest first."""
    found = [(record, each) for record in records for each in record.harm_found]
    return sorted(found, key=lambda each: each[1].number, reverse=True)


def list_concerns(records: Iterable[Record]) -> list[Record]:
    """Return the reports that raise a possible safeguarding concern."""
    return [record for record in records if record.report.safeguarding]


_FEWEST_TO_PLOT, _DAYS_TO_PLOT = 10, 90
_MOST_MONTHS = 24
_PARTS_OF_DAY = (
    "Night (22 to 6)",
    "Morning (6 to 12)",
    "Afternoon (12 to 17)",
    "Evening (17 to 22)",
)


def make_plots(records: Sequence[Record], made: date) -> Iterator[Block]:
    """Yield how many by month, kind and time of day, where there is enough by the day ``made``."""
    reports = [record.report for record in records]
    days = [each.occurred.date() for each in reports]
    if len(days) < _FEWEST_TO_PLOT or (made - min(days)).days < _DAYS_TO_PLOT:
        return
    yield Heading("How often, and when")
    said = "It counts what was noted, as far as it stands here; fewer notes may mean less noting."
    yield Words(said, "small")
    yield _plot("By month", _count_by_month(days, made))
    kinds = Counter(CATEGORY_LABELS[each.category] for each in reports)
    yield Words(_list_counts(kinds.most_common()), label="By kind")
    hours = [each.occurred.hour for each in reports if not each.hour_not_known]
    unknown = [("time not known", len(reports) - len(hours))] if len(hours) < len(reports) else []
    parts = _list_counts([*_count_by_part(hours), *unknown])
    yield Words(parts, label="By time of day")


def _plot(title: str, bars: Sequence[tuple[str, int]]) -> Plot:
    return Plot(title, tuple(bars), f"{title}: {_list_counts(bars)}")


def _list_counts(counts: Iterable[tuple[str, int]]) -> str:
    return "; ".join(f"{label}: {number}" for label, number in counts)


def _count_by_month(days: Sequence[date], made: date) -> list[tuple[str, int]]:
    counts = Counter(day.year * 12 + day.month - 1 for day in days)
    first, last = min(counts), max(*counts, made.year * 12 + made.month - 1)
    if last - first >= _MOST_MONTHS:
        years = Counter(day.year for day in days)
        return [(str(year), years[year]) for year in range(min(years), last // 12 + 1)]
    return [(_name_month(each), counts[each]) for each in range(first, last + 1)]


def _name_month(number: int) -> str:
    return f"{MONTHS[number % 12][:3].title()} {number // 12}"


def _count_by_part(hours: Sequence[int]) -> list[tuple[str, int]]:
    counts = Counter(_PARTS_OF_DAY[_find_part(hour)] for hour in hours)
    return [(part, counts[part]) for part in _PARTS_OF_DAY]


def _find_part(hour: int) -> int:
    starts = (6, 12, 17, 22)
    return sum(hour >= start for start in starts) % len(starts)


FEWEST_HERE = 2  # reports of a pattern on one paper, to be told of together


@dataclass(frozen=True)
class Pattern:
    """Reports that the carer marked as the same hazard, what it is called, and its places.

    ``ids`` stand in the order in which things happened, on ``days``; ``since`` says by the id of
    each change that holds what came before and after it; ``is_over`` that the last report is long
    ago; ``marked`` is when they were last marked, where the reader may know it.
    """

    name: str
    ids: tuple[str, ...]
    places: tuple[str, ...] = ()
    since: Mapping[str, str] = field(default_factory=dict)
    is_over: bool = False
    marked: date | None = None
    days: tuple[date, ...] = ()


def find_patterns(
    verdicts: Verdicts, records: Iterable[Record], rules: Rules, made: date
) -> tuple[Pattern, ...]:
    """Return the confirmed patterns as a reader may see them on the day ``made``.

    One that holds only with a report that is hidden is none for that reader; where a report is
    hidden the name goes with it, and what came since a change. ``records`` are all of the book.
    """
    shown = {each.id: each for each in records if not each.withdrawn and rules.sees(each)}
    return tuple(_see_all(verdicts, shown, rules, made))


def _see_all(
    verdicts: Verdicts, shown: Mapping[str, Record], rules: Rules, made: date
) -> Iterator[Pattern]:
    for each in verdicts.marked:
        ids = {one.id for one in each.reports if rules.safeguarding or not one.safeguarding}
        seen = each.show_only(ids)
        if seen.is_pattern():
            since = tell_since(each, shown, verdicts, made)
            over = is_over(seen, made)
            marks = [
                take_day(said.first_recorded_at)
                for said in verdicts.newest.values()
                if rules.delay and said.same_hazard and {said.about, said.other} <= ids
            ]
            marked = max(marks, default=None)
            days = tuple(one.occurred.date() for one in seen.reports)
            yield Pattern(name_hazard(seen), seen.ids, list_places(seen), since, over, marked, days)


def find_pattern(record: Record, patterns: Iterable[Pattern]) -> Pattern | None:
    """Return the pattern that a report belongs to, if it does."""
    return next((each for each in patterns if record.id in each.ids), None)


def name_reports(patterns: Iterable[Pattern]) -> dict[str, str]:
    """Return the name of the pattern that each report belongs to, by its id."""
    return {each: pattern.name for pattern in patterns for each in pattern.ids}


def tell_pattern(pattern: Pattern, theirs: Sequence[Record], *, says_past: bool) -> str:
    """Return a sentence about a pattern: its name, places, how many reports here, their days.

    What came since each change follows. ``theirs`` are its reports on the paper; ``says_past``
    tells of one that is long over that it is.
    """
    reports = [each.report for each in theirs]
    kinds = count_kinds(reports)
    counted = f"{len(reports)} of the reports here{f' ({kinds})' if kinds else ''}"
    sentence = tell_hazard(pattern.name, pattern.places, reports, counted)
    past = [OVER] if says_past and pattern.is_over else []
    return " ".join([sentence, *past, *pattern.since.values()])


_MOST_FOOT, _MOST_FOOT_LARGE = 60, 24  # characters of ids that fit at the foot of a page
_SIZE, _FAMILY_SIZE = 12, 14  # points (https://www.ukaaf.org, G003: clear print)
_KEPT = 40  # characters of a name or number that may stand in one piece


_OWN_COPY = "The carer's own copy: not to hand on"


@dataclass(frozen=True)
class Brief:
    """Who hands over, to whom, about whom, and how; empty texts are blanks on the paper.

    ``made`` is the day of the paper; ``seal`` is empty where the book does not hold; ``basis`` and
    ``decided_by`` are what was given for handing it over, empty where nobody was asked;
    ``by_writing`` puts a chronology in the order written; ``span`` is what a changeover goes back
    to; ``packs`` are the days on which a pack was handed over for a meeting.
    """

    rules: Rules
    seal: str
    made: date
    carer: str = ""
    phone: str = ""
    recipient: str = ""
    basis: str = ""
    decided_by: str = ""
    name: str = ""
    born: str = ""
    nhs_number: str = ""
    request: str = ""
    large: bool = False
    unreadable: int = 0
    patterns: tuple[Pattern, ...] = ()
    ledger: Ledger = NOTHING_HELD
    by_writing: bool = False
    span: Span | None = None
    packs: frozenset[date] = frozenset()

    @property
    def sender(self) -> str:
        """The carer with role and telephone."""
        return ", ".join(filter(None, (self.carer, self.phone)))

    @property
    def with_hazards(self) -> set[str]:
        """The ids of the changes that are told with a hazard."""
        return {each for pattern in self.patterns for each in pattern.since}


def list_steps(records: Iterable[Record]) -> list[tuple[NextStep, Record]]:
    """Return the next steps that stand with their reports, those due first before the others.

    One of the same words as another tells for which report it is, and whether that one was done.
    """
    records = list(records)
    alike = defaultdict[str, list[tuple[NextStep, Record]]](list)
    for record in records:
        for step in (*record.steps, *record.steps_done):
            alike[_fold_step(step)].append((step, record))
    steps = [
        (_tell_apart(step, record, alike[_fold_step(step)]), record)
        for record in records
        for step in record.steps
    ]
    return sorted(steps, key=lambda each: (each[0].due is None, each[0].due or 0, each[0].text))


def _fold_step(step: NextStep) -> str:
    return fold_text(step.text).rstrip(". ")


def _tell_apart(
    step: NextStep, record: Record, alike: Sequence[tuple[NextStep, Record]]
) -> NextStep:
    """Return a step with what tells it from others ``alike``: its report's day, else its own."""
    if len(alike) == 1:
        return step
    day = record.report.occurred.date()
    of_day = sum(each.report.occurred.date() == day for _, each in alike)
    which = f"for {echo_day(day)}" if of_day == 1 else f"noted {echo_day(take_day(step.noted))}"
    done = [one.done for one, _ in alike if one.done and one.done > step.noted]
    since = f"; another one like it was done, noted {echo_day(take_day(max(done)))}" if done else ""
    return replace(step, text=f"{step.text.rstrip('. ')}, {which}{since}")


def tell_due(step: NextStep, record: Record, brief: Brief) -> str:
    """Return what is to do, by whom and by when, whether that has passed, and of which report."""
    late = tell_late(step, brief, "due today")
    return f"{words.tell_step(step)} ({late and f'{late}; '}{name_of_step(record)})"


def tell_late(step: NextStep, brief: Brief, today: str) -> str:
    """Return that a step is overdue, or how it is said that its day is ``today``; else nothing."""
    if step.is_overdue(brief.made):
        return "overdue"
    return today if step.due == brief.made else ""


def name_of_step(record: Record) -> str:
    """Return the report of a step: words of one may stand with others that are done."""
    return record.id if record.is_open else f"{record.id}, which is closed"


def tell_basis(brief: Brief) -> str:
    """Return why a paper is handed over and who decided that, as it was given."""
    if not brief.basis:
        return ""
    decided = f"; decided by {brief.decided_by}" if brief.decided_by else ""
    return f"{words.BASIS[brief.basis]}{decided}"


def make_document(
    kind: str,
    texts: tuple[str, str],
    blocks: Sequence[Block],
    records: Sequence[Record],
    brief: Brief,
    *,
    front: tuple[Front, ...] = (),
    ending: tuple[Block, ...] = (),
) -> Document:
    """Return the document of a ``kind``; ``texts`` are its title and what stands below that.

    What every document has is added: day, author, ids and seal, the head of later pages, a
    name that tells it from others, and, but for a family, at its ``ending`` how to check the seal.
    """
    title, subtitle = texts
    clients = join_words(name_clients(records))
    made = echo_day(brief.made)
    is_for_family = brief.rules.audience == "family"
    if brief.seal and not is_for_family:
        check = f"To check the seal: nearmiss verify --seal {brief.seal}"
        ending = (*ending, Words(check, "small"))
    return Document(
        template=kind,
        title=title,
        subtitle=join_parts(
            subtitle,
            _OWN_COPY if brief.rules.audience == "own" else "",
            _tell_unreadable(brief),
            _tell_no_seal(brief),
        ),
        byline=join_parts(_tell_maker(records, brief), f"Made {made}"),
        blocks=(*blocks, Group(ending)) if ending else tuple(blocks),
        front=front,
        head=_make_head(brief, clients),
        foot=make_foot(brief, records),
        label=", ".join(filter(None, (title, clients, made, brief.carer))),
        author=brief.carer,
        kept=_list_kept(brief),
        size=_FAMILY_SIZE if is_for_family else _SIZE,
        large=brief.large,
    )


def _tell_maker(records: Iterable[Record], brief: Brief) -> str:
    """Return who makes a paper: the carer, where nobody else wrote a report on it."""
    if not brief.sender:
        return ""
    others = {each.recorded_by for each in records} - {brief.carer, ""}
    return f"{'Made by' if others else 'Carer'}: {brief.sender}"


def _make_head(brief: Brief, clients: str) -> str:
    made = f"made {echo_day(brief.made)}"
    return join_parts(brief.name or clients, tell_numbers(brief), made)


def tell_numbers(brief: Brief) -> str:
    """Return the day of birth and the NHS number, as far as they were given."""
    born = f"born {brief.born}" if brief.born else ""
    return join_parts(born, f"NHS {brief.nhs_number}" if brief.nhs_number else "")


def _list_kept(brief: Brief) -> tuple[str, ...]:
    """Return the names and numbers that are not broken over two lines, the longest first."""
    given = {
        brief.seal,
        brief.phone,
        take_name(brief.carer),
        brief.name,
        brief.born,
        brief.nhs_number,
    }
    given |= {brief.recipient, echo_day(brief.made)}
    kept = (each for each in given if len(each) <= _KEPT and (" " in each or "-" in each))
    return tuple(sorted(kept, key=lambda each: (-len(each), each)))


def make_identity(brief: Brief, records: Sequence[Record]) -> tuple[Blanks, ...]:
    """Return the line that says about whom a paper is, blanks for the hand where not given.

    A paper about several clients, for the carer's own use, has none.
    """
    if len(name_clients(records)) > 1:
        return ()
    client = "" if brief.name else f" ({call_client(brief, records)})"
    name = Blank(f"Name{client}", brief.name, 4)
    number = Blank("NHS" if brief.large else "NHS number", brief.nhs_number, 3)
    return (Blanks((name, Blank("Born", brief.born, 3 if brief.large else 2), number)),)


def name_clients(records: Sequence[Record]) -> list[str]:
    """Return the clients of the reports, each once."""
    return list({fold_text(each.report.client): each.report.client for each in records}.values())


def make_foot(brief: Brief, records: Sequence[Record]) -> str:
    """Return what stands at the foot of every page: the reports on the paper, and the seal."""
    ordered = sorted(records, key=lambda record: record.number)
    shown = tell_ids([record.id for record in ordered])
    if len(shown) > (_MOST_FOOT_LARGE if brief.large else _MOST_FOOT):
        span = f"{ordered[0].id} to {show_number(ordered[-1].number)}"
        shown = f"{count_of(len(ordered), 'report')} here, {span}"
    return end_foot(shown, brief)


def end_foot(shown: str, brief: Brief) -> str:
    """Return a foot: what is ``shown``, the seal, and whether the copy is the carer's own."""
    own = "carer's own" if brief.rules.audience == "own" else ""
    return join_parts(shown, f"Seal {brief.seal}" if brief.seal else "", own)


def _tell_unreadable(brief: Brief) -> str:
    """Return the sentence that a document owes its reader where the book is damaged."""
    if not brief.unreadable:
        return ""
    entries = "An entry" if brief.unreadable == 1 else f"{brief.unreadable} entries"
    return f"{entries} of the logbook could not be read."


def _tell_no_seal(brief: Brief) -> str:
    reason = "The logbook does not stand as it was written, so this page has no seal."
    return "" if brief.seal else reason


def call_client(brief: Brief, records: Sequence[Record]) -> str:
    """Return what the client is called on the paper: the name where one was given."""
    return brief.name or join_words(name_clients(records))


def end_in_slip(
    blocks: Sequence[Block], brief: Brief
) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Return the blocks of a document without their last words, and those with the slip.

    The slip never stands on a page without the end of what is handed over.
    """
    *others, last = blocks
    before, kept = _split_last(last)
    who = Blanks((Blank("Received by", width=3), Blank("role", width=2), Blank("date", width=2)))
    seal = Blank("Seal", brief.seal or "none: see the top of page one")
    return (*others, *before), (*kept, Group((who, Blanks((seal,)))))


def _split_last(last: Block) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Return what may stand on a page before the slip's, and what stays with the slip."""
    if isinstance(last, Group):
        before, kept = _split_last(last.blocks[-1])
        return (replace(last, blocks=(*last.blocks[:-1], *before)),), kept
    return (), (last,)
