"""Who was told of what, and who was tried: of the event, the concern, and harm found later."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import takewhile

from nearmiss.dates.shown import echo, echo_day, echo_weekday, tell_odd_hour
from nearmiss.model.entries import Correction
from nearmiss.model.questions import TRIED
from nearmiss.records.record import FollowedUp, LaterEntry, Record, Told
from nearmiss.speech import join_words
from nearmiss.text import shorten

NOBODY = "Nobody told yet, as written"
NOBODY_OF_EVENT = "Nobody told of what happened yet, as written"
NOBODY_YET = "nobody yet, as written"
LATER, THAT_DAY = "later", "that day"
AT_FIRST, _TOLD_LATER = "Not reached at first", "told later"
_GLIMPSE = 40  # characters of harm that a question repeats


def tell_untold(record: Record) -> str:
    """Return of what nobody was told, closed or not: of all, the harm or the worry; else empty."""
    if not record.informed:
        return "nobody told"
    if find_untold_harm(record.standing, record.later):
        return "nobody told of the harm"
    waits = record.shows_concern and concern_waits(record)
    return "nobody told of the worry" if waits else ""


def concern_waits(record: Record) -> bool:
    """Whether nobody was told of a concern, and it was not closed with somebody told of it all."""
    return hides_concern(record) and (record.is_open or not record.informed)


NO_PROTECTOR = (
    "Neither adult social care, nor the police, nor a safeguarding lead is noted as told of the "
    "worry."
)


def lacks_protector(record: Record, told_now: Iterable[str] = ()) -> bool:
    """Whether a worry was told of, ``told_now`` among others, and to none of those who protect."""
    if not record.report.safeguarding:
        return False
    told = [*(who for each in record.list_told_of("concern") for who in each.who), *told_now]
    return bool(told) and not any(map(_names_protector, told))


def _names_protector(line: str) -> bool:
    """Whether one who protects was told: not one whom another will tell, or was asked to tell."""
    from nearmiss.intake.people import is_protector

    return is_protector(_OF_OTHERS.split(line)[0])


_OF_OTHERS = re.compile(r"\b(?:will|who|going to|asked \w+ to|not)\b", re.IGNORECASE)


def find_untold_harm(
    follow_ups: Sequence[FollowedUp], later: Sequence[LaterEntry]
) -> FollowedUp | None:
    """Return the first harm of which nobody was told; ``later`` are all entries, in order.

    Where somebody was told since and of what is not written, as in older entries, it was of it.
    """
    told = [each for each in follow_ups if each.informed]
    told_of = {what for each in told for what in each.told_of}
    unclear = {each.id for each in told if not each.told_of}

    def tells(entry: LaterEntry) -> bool:
        if isinstance(entry, Correction):  # one with who was tried may have moved a line there
            return bool(entry.changes.get("informed")) and "tried" not in entry.changes
        return entry.id in unclear

    since = {each.id for each in takewhile(lambda each: not tells(each), reversed(later))}
    harm = (each for each in follow_ups if each.harm_found and each.id not in told_of)
    return next((each for each in harm if each.id in since), None)


def hides_concern(record: Record) -> bool:
    """Whether it raises a concern of which nobody was told: closing it would end that."""
    return record.report.safeguarding and not record.list_told_of("concern")


def list_untold(record: Record) -> list[str]:
    """Return of what nobody is noted as told, in sentences: of each harm, and of all of it."""
    untold = [each for each in record.harm_found if not record.list_told_of(each.id)]
    found = [
        f'Nobody is noted as told of the harm "{shorten(each.harm_found, _GLIMPSE)}".'
        for each in untold
    ]
    if not record.informed and not hides_concern(record):  # of that it is asked apart
        found.append("Nobody is noted as told of it.")
    return found


def part_told_later(record: Record) -> Iterator[Told]:
    """Yield who was tried, apart by what they were told of later."""
    for tried in record.tried:
        apart: dict[tuple[tuple[str, str], ...], list[str]] = {}
        for who in tried.who:
            apart.setdefault(tuple(_find_later(record, tried, who).items()), []).append(who)
        yield from (replace(tried, who=tuple(who), later=later) for later, who in apart.items())


def _find_later(record: Record, tried: Told, who: str) -> dict[str, str]:
    """Return of what one who was tried was told later, and when that was first written."""
    from nearmiss.intake.reached import is_same_person

    found: dict[str, str] = {}
    for told in record.told:
        is_later = told.recorded_at > tried.recorded_at
        if is_later and any(is_same_person(who, each) for each in told.who):
            unsaid = "" if has_more(record) else "event"
            found = dict.fromkeys(told.of or (unsaid,), told.recorded_at) | found
    return found


def list_unreached(record: Record) -> list[str]:
    """Return who was tried and not noted as told, of anything, by then or later."""
    from nearmiss.intake.reached import is_same_person

    def was_told(who: str, tried: Told) -> bool:
        told = (each for each in record.told if each.recorded_at == tried.recorded_at)
        return any(is_same_person(who, each) for some in told for each in some.who)

    missed = (who for each in record.list_missed() for who in each.who if not was_told(who, each))
    return list(dict.fromkeys(missed))


def tell_told_of(record: Record, of: str) -> str:
    """Return who was told of the ``event``, ``concern`` or harm of that id, and who was tried.

    With the event stand those told of what is not written; with a concern that nobody was told of
    those who were told of the event, unless that stands beside it already, as an incident does.
    """
    told, tried = list_told_of(record, of), [each for each in record.tried if of in each.of]
    named = "the concern" if of == "concern" else "it"
    said = [f"Told of {named}: {_tell_who(record, told) or NOBODY_YET}"]
    said += [f"{title}: {'; '.join(who)}" for title, who in name_tried(record, tried, of).items()]
    unsaid = [each for each in record.told if not each.of]
    if of == "event" and unsaid and has_more(record):
        said.append(f"Told, of what is not written: {_tell_who(record, unsaid)}")
    event = list_told_of(record, "event")
    if of == "concern" and event and not (told or record.is_incident):
        said.append(f"Told of what happened: {_tell_who(record, event)}")
    return ". ".join(said)


def list_told_of(record: Record, what: str) -> list[Told]:
    """Return who was told of the ``event``, ``concern`` or harm of that id, as far as is sure."""
    takes_unsaid = what == "event" and not has_more(record)
    return [each for each in record.told if what in each.of or (takes_unsaid and not each.of)]


def tell_nobody(record: Record) -> str:
    """Return that a report says nobody was told; where they were of other things, of what."""
    is_mixed = any(each.of and "event" not in each.of for each in record.told)
    return NOBODY_OF_EVENT if is_mixed else NOBODY


def list_told_later(record: Record) -> tuple[str, list[FollowedUp]]:
    """Return the follow-ups by which somebody was told of what happened, and how that is said.

    Where there is none it is those that do not say of what. All of it written on the day of the
    report (``THAT_DAY``) says nothing of the order in which they were told.
    """
    later = [each for each in record.standing if each.informed]
    sure = [each for each in later if "event" in each.told_of]
    unsaid = [each for each in later if not each.told_of]
    if sure or not has_more(record):
        found = sure or unsaid
        is_later = not found or any(each.day != record.day for each in found)
        return LATER if is_later else THAT_DAY, found
    return f"{LATER}, of what is not written", unsaid


def has_more(record: Record) -> bool:
    """Whether there is more to be told of than what happened: a concern, or harm."""
    return bool(record.report.safeguarding or record.harm_found)


def _tell_who(record: Record, told: Iterable[Told]) -> str:
    return "; ".join(tell_told(record, replace(each, of=())) for each in told)


def tell_tried(record: Record, tried: Told, of: str = "") -> str:
    """Return who was not reached; of those told ``of`` it later, or of anything, that with when."""
    said, later = _tell_who(record, [tried]), tried.find_later(of)
    if not later:
        return said
    day = f", {echo_day(datetime.fromisoformat(later))}" if tried.recorded_at else ""
    return f"{said}; {_TOLD_LATER}{day}"


def name_tried(record: Record, tried: Iterable[Told], of: str = "") -> dict[str, list[str]]:
    """Return who was not reached by their titles: not yet, and not at first but told later."""
    found: dict[str, list[str]] = {}
    for each in tried:
        title = AT_FIRST if each.find_later(of) else TRIED.title
        found.setdefault(title, []).append(tell_tried(record, each, of))
    return found


def name_tried_by(record: Record, tried: Iterable[str]) -> dict[str, list[str]]:
    """Return so whom one entry says was not reached."""
    by_then = {who: each.find_later() for each in record.tried for who in each.who}
    missed = {who for each in record.list_missed() for who in each.who}
    found: dict[str, list[str]] = {}
    for who in dict.fromkeys(tried):
        is_told = bool(by_then.get(who)) and who not in missed
        said = f"{who}; {_TOLD_LATER}" if is_told else who
        found.setdefault(AT_FIRST if is_told else TRIED.title, []).append(said)
    return found


def tell_told(record: Record, told: Told) -> str:
    """Return who was told and when that was written, as far as the reader may know it."""
    who = "; ".join(dict.fromkeys(told.who))
    if told.of and told.of != ("event",):
        who = f"{who}, told of {join_words([name_told_of(record, each) for each in told.of])}"
    if not told.recorded_at:
        return who
    written = datetime.fromisoformat(told.recorded_at)
    odd = _tell_odd_hour(record, who, written)
    return f"{who} (written down {echo(written)}{odd and f', {odd}'})"


def _tell_odd_hour(record: Record, who: str, written: datetime) -> str:
    report, since = record.report, record.report.occurred
    if report.hour_not_known:
        since = since.replace(hour=0, minute=0)
    elif report.occurred_approx:
        since -= timedelta(hours=1)
    return tell_odd_hour(who, since, written)


def has_odd_hour(record: Record, told: Told) -> bool:
    """Whether those who were told were so at an hour at which it cannot have been."""
    if not told.recorded_at:
        return False
    written = datetime.fromisoformat(told.recorded_at)
    return all(_tell_odd_hour(record, who, written) for who in told.who)


def mark_hours(record: Record, texts: Iterable[str]) -> list[str]:
    """Return who was told by a report itself, with each hour at which it cannot have been."""
    written = record.written_at
    odd = {each: written and _tell_odd_hour(record, each, written) for each in texts}
    return [f"{who} (written down {why})" if why else who for who, why in odd.items()]


def name_told_of(record: Record, what: str) -> str:
    """Return what somebody was told of, in words: the event, the concern, or harm by its day."""
    harm = next((each for each in record.harm_found if each.id == what), None)
    if harm is None:
        return {"event": "what happened", "concern": "the concern"}.get(
            what, "harm withdrawn since"
        )
    return f"the harm {tell_harm_day(harm, echo_weekday)}".rstrip()


def tell_harm_day(entry: FollowedUp, echo_it: Callable[[date], str] = echo_day) -> str:
    """Return in short when harm was seen, or else when it was written down, as that."""
    if entry.harm_on:
        return f"seen {echo_it(date.fromisoformat(entry.harm_on))}"
    return f"written down {echo_it(entry.day)}" if entry.day else ""
