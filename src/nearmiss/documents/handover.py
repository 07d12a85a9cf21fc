"""The handover: one page for a professional who has half a minute, then what it rests on.

It follows SBARD (situation, background, assessment, recommendation, decision), with what a carer
can give in the place of an assessment: what was observed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from nearmiss.dates.shown import echo_day, take_day
from nearmiss.documents import front
from nearmiss.documents.blocks import (
    Blank,
    Blanks,
    Boxes,
    Document,
    Front,
    Heading,
    Items,
    Lines,
    Part,
    Table,
    Words,
    point_to,
)
from nearmiss.documents.brief import (
    Brief,
    count_near_misses,
    end_in_slip,
    make_document,
    make_identity,
    make_plots,
    tell_basis,
    tell_span_of,
)
from nearmiss.documents.fitting import MOST, Kind, Section, Turn, fit_front, say, say_list
from nearmiss.documents.people import find_callings, find_key, name_group
from nearmiss.documents.report import list_reports
from nearmiss.documents.sentences import SENTENCE, take_whole
from nearmiss.insight.telling import tell_days
from nearmiss.model.ids import show_number
from nearmiss.model.questions import CATEGORY_LABELS
from nearmiss.records import words
from nearmiss.records.informed import NOBODY, list_told_of
from nearmiss.records.record import Record, Told
from nearmiss.speech import count_of, join_words, name_some
from nearmiss.text import end_sentence, fold_text, join_lines, shorten, take_name, take_sentences

# Characters in a line of the table; the reports that follow have them all.
_CELL, _CELL_LARGE = 50, 18
_ROW, _ROW_IN_LINE, _ROW_LARGE = 62, 88, 58  # and of a row of page one
_MOST_OBSERVED = 3
_AUTHOR = 30  # characters of the name of somebody else who observed
_A_YEAR = timedelta(days=365)
_REQUESTS = ("review medicines", "review walking", "visit", "ring me")
_REPLIES = ("today (I have telephoned)", "this week", "routine")


def build_handover(records: Sequence[Record], brief: Brief) -> Document:
    """Return page one, a table of the reports, each report in full newest first, and the slip."""
    records = sorted(records, key=lambda record: record.report.occurred)
    newest = records[::-1]
    blocks, ending = end_in_slip(
        [
            *([Heading("The reports at a glance"), _tabulate(newest, brief)] if newest[1:] else ()),
            *make_plots(records, brief.made),
            Heading("The reports, the newest first" if newest[1:] else "The report"),
            *list_reports(newest, brief),
        ],
        brief,
    )
    texts = "Carer's handover: not for emergencies", f"Written by a carer, {echo_day(brief.made)}."
    first = _fit([*_list_sections(records, brief)], large=brief.large)
    document = make_document("handover", texts, blocks, records, brief, front=first, ending=ending)
    return replace(document, byline="")  # the carer stands beside "From"


def _fit(sections: Sequence[Section], *, large: bool) -> tuple[Front, ...]:
    """Return page one in every way; where its titles beside their parts cost words, in line."""

    def fit(row: int, *, beside: bool) -> tuple[Front, ...]:
        return fit_front(
            sections, lambda title, said: [Part(title, tuple(said), beside=beside)], row=row
        )

    if large:  # where they always stand in line
        return fit(_ROW_LARGE, beside=False)
    full = [each for each in fit(_ROW, beside=True) if not each.scant]
    most = len(str(full[-1])) * _ROW_IN_LINE / _ROW if full else 0
    in_line = fit(_ROW_IN_LINE, beside=False)
    return (*full, *(each for each in in_line if not full or len(str(each)) <= most))


def _list_sections(records: Sequence[Record], brief: Brief) -> Iterator[Section]:
    observed = _choose_observed(records, brief)
    yield Section("", [*_address(records, brief)])
    yield Section("I am asking for", [*_ask(brief)])
    yield Section("Situation", [*_tell_situation(records, brief)])
    yield Section("Background", [*_tell_background(records, brief)])
    title = f"What {_name_observers(observed, brief)} observed, not a diagnosis"
    yield Section(title, [*_tell_observed(records, brief, observed)])
    yield Section("What I do not know", [say((Turn.BLANKS, [Lines("", 1)]))])
    yield Section("Ideas so far", [*_list_ideas(records, brief)])
    decision = [Blanks((Blank("Who"), Blank("What"), Blank("When")))]
    yield Section("Decision", [say((Turn.LINES, [*decision, _blank("Who tells the carer")]))])


def _blank(*labels: str) -> Blanks:
    return Blanks(tuple(map(Blank, labels)))


def _address(records: Sequence[Record], brief: Brief) -> Iterator[Kind]:
    yield say((Turn.ALWAYS, make_identity(brief, records)))
    to, address = Blank("To", brief.recipient, 2), Blank("Address", width=3)
    given = [(Turn.ALWAYS, [Blanks((to,))])] if to.value else []
    yield say(*given, (Turn.BLANKS, [Blanks((address, to))]))
    sender = Blank("From" if brief.large else "From, role, telephone", brief.sender)
    yield say((Turn.ALWAYS, [Blanks((sender,))]))
    shared = Blank("Shared because", tell_basis(brief))
    yield say((Turn.ALWAYS if shared.value else Turn.BLANKS, [Blanks((shared,))]))


def _ask(brief: Brief) -> Iterator[Kind]:
    if brief.request:
        yield say((Turn.ALWAYS, [Words(brief.request, "strong")]))
    else:
        yield say((Turn.ALWAYS, [Lines("", 1)]), (Turn.WRITING, [Lines("", 2)]))
    yield say((Turn.BOXES, [Boxes("", _REQUESTS)]))
    yield say((Turn.BOXES, [Boxes("Reply", _REPLIES)]))


def _tell_situation(records: Sequence[Record], brief: Brief) -> Iterator[Kind]:
    yield front.tell_incidents(records)
    yield front.tell_harm_later(records)
    yield front.tell_concerns(records, brief)
    yield front.tell_patterns(brief.patterns, records)
    counted = count_near_misses(records)
    if len(records) > 1:
        whole, short = front.tell_latest(records)
        spanned = f"{counted}, {tell_span_of(records)}, {whole}."
        yield say(
            (Turn.ALWAYS, [Words(f"{counted}, {short}.", "strong")]),
            (Turn.REST, [Words(spanned, "strong")]),
        )
    else:
        [last] = records
        latest = f"{counted}, {words.tell_when(last.report)} ({point_to(last.id)})"
        yield say((Turn.ALWAYS, [Words(latest, "strong")]))


def _tell_background(records: Sequence[Record], brief: Brief) -> Iterator[Kind]:
    plan = Blank("Next of kin", width=2), Blank("Resuscitation or treatment plan", width=3)
    yield say((Turn.BLANKS, [Blanks(plan)]))
    label = f"Told of something here, by {'my' if _are_own(records, brief) else 'these'} notes"
    told = _list_groups([each for record in records for each in record.told])
    yield _say_people(label, told or [f"{NOBODY}."], "told")
    tried = _list_groups([each for record in records for each in record.list_missed()])
    yield _say_people("Not reached", tried, "not reached")
    yield front.tell_changes(records, brief)
    yield say((Turn.BLANKS, [_blank("Usual walking", "Allergies")]))
    yield say((Turn.BLANKS, [_blank("Recent medicine changes")]))


def _say_people(label: str, groups: Sequence[str], of: str) -> Kind:
    """Return the parts that people play, or nothing: of one alone it seems to be told of all."""
    return say(
        *(
            (turn, [Words("; ".join(name_some(groups, most, f"{{:,}} more {of}")), label=label)])
            for turn, most in ((Turn.REST, _MOST_OBSERVED), (Turn.PEOPLE, MOST))
            if groups
        )
    )


def _are_own(records: Sequence[Record], brief: Brief) -> bool:
    """Whether who makes the page wrote all of the reports here, in whatever role.

    That what came from another book was written by the same carer only that book says.
    """
    own = fold_text(take_name(brief.carer))
    return all(
        fold_text(take_name(each.recorded_by)) == own and not each.first_id for each in records
    )


def _name_observers(observed: Sequence[Record], brief: Brief) -> str:
    """Return who observed what page one tells: ``I`` is the carer who makes it alone."""
    if _are_own(observed, brief):
        return "I"
    theirs = [each.recorded_by for each in observed if not _are_own([each], brief)]
    others = [shorten(take_name(name), _AUTHOR) for name in dict.fromkeys(theirs)]
    return join_words([*others, *(["I"] if len(theirs) < len(observed) else [])])


def _list_groups(people: Sequence[Told]) -> list[str]:
    """Return who was told, or tried, by the parts they play, professionals first."""
    called = find_callings(who for told in people for who in told.who)
    noted: dict[tuple[bool, str], list[str]] = {}
    names: dict[str, str] = {}
    for told in people:
        groups = [name_group(called.get(find_key(who), who)) for who in told.who]
        for is_professional, part in groups:
            name = front.name_briefly(part)
            names.setdefault(fold_text(name), name)
            noted.setdefault((is_professional, fold_text(name)), []).append(told.recorded_at)
    ordered = sorted(noted, key=lambda group: max(noted[group]), reverse=True)
    ordered.sort(key=lambda group: (not group[0], front.rank_use(group[1])))
    return [_tell_group(names[group[1]], noted[group]) for group in ordered]


def _tell_group(who: str, noted: Sequence[str]) -> str:
    last = max(noted)
    day = echo_day(take_day(last)) if last else ""
    if len(noted) == 1:
        return f"{who} (noted {day})" if day else who
    return f"{who}, {count_of(len(noted), 'note')}{f', last {day}' if day else ''}"


def _tell_observed(
    records: Sequence[Record], brief: Brief, observed: Sequence[Record]
) -> Iterator[Kind]:
    for record in observed:
        moment, where = words.tell_when(record.report), point_to(record.id)
        number = words.name_number(record)
        is_own = _are_own([record], brief)
        named = number if is_own else f"{number}, noted by {record.recorded_by}"
        first = take_whole(record.report.what, SENTENCE)
        more = f"{first} (continues {where}; {named})" if first else f"in full {where} ({named})"
        whole = (Turn.OLDER, [Items((f"{moment}: {record.report.what} ({named})",))])
        turn = Turn.LINES if record is records[-1] else Turn.PEOPLE
        if first == end_sentence(join_lines(record.report.what)):
            yield say((turn, whole[1]))
        else:
            yield say((turn, [Items((f"{moment}: {more}",))]), whole)
    yield from _count_falls(records, brief)
    yield say((Turn.BLANKS, [_blank("Not their usual self")]))


def _choose_observed(records: Sequence[Record], brief: Brief) -> list[Record]:
    """Return the near misses that page one tells of, in the order in which they matter.

    That is the latest that led to harm, the latest of a pattern, then the newest. Incidents and
    what raises a concern are told above them.
    """
    tied = {each for pattern in brief.patterns for each in pattern.ids}
    newest = [
        each
        for each in sorted(records, key=lambda each: each.report.occurred, reverse=True)
        if not (each.is_incident or (brief.rules.safeguarding and each.report.safeguarding))
    ]
    ranked = [
        *[each for each in newest if each.harm_found][:1],
        *[each for each in newest if each.id in tied][:1],
        *newest,
    ]
    return list({each.id: each for each in ranked}.values())[:_MOST_OBSERVED]


def _count_falls(records: Sequence[Record], brief: Brief) -> Iterator[Kind]:
    """Yield on which days of the last year somebody moved or fell: incidents, near misses apart."""
    year = [each for each in records if brief.made - each.report.occurred.date() < _A_YEAR]
    falls = [each for each in year if each.report.category == "mobility"]
    if not falls:
        return
    whose = "this carer" if _are_own(records, brief) else "the carers here"
    kind = f"Of the kind {CATEGORY_LABELS['mobility']}, last 12 months"
    label = f"{kind}, only what {whose} wrote down"
    found = [
        (noun, [each.report.occurred for each in falls if each.is_incident is hurt])
        for noun, hurt in (("incident", True), ("near miss", False))
    ]
    # A hip may have been hurt in one of another kind: a number alone would deny it.
    others = sum(each.is_incident for each in year) - len(found[0][1])
    rest = [f"{count_of(others, 'incident')} noted under other kinds"] if others else []
    numbers = [count_of(len(days), noun) for noun, days in found if days]
    dated = [f"{count_of(len(days), noun)} ({tell_days(days)})" for noun, days in found if days]
    whole, short = (f"{'; '.join([*parts, *rest])}." for parts in (dated, numbers))
    yield say(
        (Turn.REST, [Words(short, label=kind)]),
        (Turn.PEOPLE, [Words(short, label=label)]),
        (Turn.PEOPLE, [Words(whole, label=label)]),
    )


def _list_ideas(records: Sequence[Record], brief: Brief) -> Iterator[Kind]:
    yield from front.tell_steps(records, brief)
    yield say_list(front.list_ideas(records, brief), "Ideas", counted=Turn.REST)
    yield front.tell_done(records)


def _tabulate(records: Sequence[Record], brief: Brief) -> Table:
    head = [
        ("Report", 15),
        ("What happened or nearly did, and where", 36),
        ("Told", 22),
        ("Harm or concern" if brief.rules.safeguarding else "Harm", 18),
        ("Status", 10),
    ]
    rows = [_make_row(record, brief) for record in records]
    if brief.large:  # a few lines for each: whether it is closed stands at the report
        head, rows = head[:-1], [row[:-1] for row in rows]
    return Table(tuple(title for title, _ in head), tuple(rows), tuple(width for _, width in head))


def _make_row(record: Record, brief: Brief) -> tuple[str, ...]:
    report = record.report
    marks = ["Incident"] if record.is_incident else []
    told: dict[str, Sequence[Told]] = {"": list_told_of(record, "event")}
    for each in record.harm_found:
        marks.append(words.HARM)
        number = f" {show_number(each.number)}" if record.harm_found[1:] else ""
        told[f"Harm{number}"] = record.list_told_of(each.id)
    if brief.rules.safeguarding and report.safeguarding:
        marks.append(words.CONCERN)
        told["Concern"] = record.list_told_of("concern")
    if unsaid := [each for each in record.told if not (each.of or each in told[""])]:
        told["Of what is not written"] = unsaid
    return (
        f"{record.id}\n{echo_day(report.occurred)}",
        f"{_begin(report.what, _CELL_LARGE if brief.large else _CELL)} ({report.location})",
        _tell_told(told),
        "; ".join(marks) or "–",
        "Open" if record.is_open else "Closed",
    )


def _begin(text: str, most: int) -> str:
    """Return the first sentence of a text, if it has not twice as many letters as are wanted."""
    first = take_sentences(text, 1)
    return first if len(first) <= 2 * most else shorten(text, 2 * most)


def _tell_told(told: dict[str, Sequence[Told]]) -> str:
    """Return who was told; where it may be of several things, of each of which."""
    # The column is narrow: how and when they were told stands in the report.
    named = {of: "; ".join(front.list_parts(people)) for of, people in told.items()}
    if not told.keys() - {""}:
        return named[""] or "Nobody yet"
    return "\n".join(f"{of or 'Event'}: {roles or 'nobody yet'}" for of, roles in named.items())
