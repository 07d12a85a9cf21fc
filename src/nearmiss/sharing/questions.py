"""What to make, for whom, and why they may see it: asked where no option said it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Literal, get_args

from nearmiss.dates.grammar import parse_since
from nearmiss.dates.shown import echo_day
from nearmiss.documents.caution import find_reader
from nearmiss.documents.people import SOMEONE_ELSE, find_roles, is_hidden
from nearmiss.documents.reader import FOR_NEXT_CARER, choose_rules
from nearmiss.errors import NearmissError, NothingLogged, UsageProblem
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import MOST_LINE, Report
from nearmiss.model.questions import Audience, Basis
from nearmiss.options import DocumentKind, Kind
from nearmiss.records.find import list_clients
from nearmiss.records.read import read_records
from nearmiss.records.record import Record
from nearmiss.records.words import tell_when
from nearmiss.sharing.request import MOST_REQUEST, HandOver, Workplace, check_text
from nearmiss.speech import count_of, join_choices, join_words, say
from nearmiss.terminal.asking import (
    NO,
    YES,
    Asked,
    Asker,
    Choice,
    GoBack,
    Option,
    Step,
    ask_in_turn,
    ask_until_taken,
)
from nearmiss.text import fold_text, shorten, show_safely


def settle_consent(
    asked: HandOver,
    client: str,
    author: str,
    asker: Asker | None,
    worries: Sequence[Record] = (),
) -> HandOver:
    """Return what is handed over with who is noted, why they may see it, and who decided.

    ``client`` is whom it is about, ``author`` the carer; ``asker`` is None where nobody can be
    asked. What was not said is asked, if it was not asked before; where it can't be, a name alone
    is refused with UsageProblem. First it is said which of its reports are ``worries``.
    """
    if worries and not (asked.was_asked or asked.audience == "own"):
        say(f"In it are safeguarding worries: {join_words([each.id for each in worries])}.")
        if asked.to:
            _mind_reader(worries, asked, client, asker)
    bases = _list_bases(asked.audience)
    wanted = asked.basis is None and (asked.audience != "own" or asked.to)
    if wanted and asker is not None and not asked.was_asked:
        return _ask(asked, client, author, asker, worries)
    if asked.basis is None and not asked.to:
        return asked
    if asked.basis not in bases:
        own = " For yourself alone leave out --to." if asked.audience == "own" else ""
        raise UsageProblem(
            f"Why may {asked.to} see it, and who decided that? "
            f"Add {join_choices([f'--basis {each}' for each in bases])}, and --decided-by."
            f"{own} Nothing was made."
        )
    return _find_decider(asked, client, author, asker)


def _list_bases(audience: Audience) -> tuple[Basis, ...]:
    """Return why a reader may see a document: a family gives no care, and investigates nothing."""
    return ("client_agreed", "best_interests") if audience == "family" else get_args(Basis)


def _find_decider(asked: HandOver, client: str, author: str, asker: Asker | None) -> HandOver:
    """Return it with who decided: a client who agreed, else who is named, else the one asked."""
    if asked.decided_by:
        return asked
    if asked.basis == "client_agreed":
        return replace(asked, decided_by=client)
    if asker is None:
        raise UsageProblem("Who decided that? Add --decided-by. Nothing was made.")
    decider = _ask_decider(asker, author) if asked.basis == "best_interests" else author
    return replace(asked, decided_by=decider)


def _mind_reader(
    worries: Sequence[Record], asked: HandOver, client: str, asker: Asker | None
) -> None:
    """Stop where a worry may be about its reader, and the carer does not say that it goes to them.

    Where nobody can be asked a family gets none of it; to a professional, who sees the worries
    in any case, it is said.
    """
    found = find_reader(worries, asked.to, client)
    if not found:
        return
    words = {fold_text(word): f'"{show_safely(word)}"' for _, word in found}
    stand = "stands" if len(words) == 1 else "stand"
    ids, reader = join_words(list(dict.fromkeys(each for each, _ in found))), show_safely(asked.to)
    said = (
        f"{join_words(list(words.values()))} {stand} in the words of a worry ({ids}). "
        f"Is it about {reader}? Then ask adult social care first."
    )
    if asker is None and asked.audience == "family":
        raise NearmissError(
            f"{said} Nothing was made. To leave the worry out: without --include-safeguarding. "
            "At a terminal you are asked."
        )
    say(said)
    if asker is None:
        return
    choice = Choice(f"Is it for {reader} all the same?", (YES, NO), chosen=1, in_a_row=True)
    if not asker.choose(replace(choice, can_go_back=True)):
        raise NearmissError(
            f"Then it is not made for {reader}. Ask adult social care who may see it. "
            "If someone is in danger now: 999."
        )


def _ask(
    asked: HandOver, client: str, author: str, asker: Asker, worries: Sequence[Record]
) -> HandOver:
    while True:
        named = asked if asked.to else replace(asked, to=_ask_reader(asker))
        try:
            if named.to != asked.to:
                _mind_reader(worries, named, client, asker)
            if asked.audience == "family":
                return _ask_consent(asker, named, client, author)
            return _ask_basis(asker, named, client, author) if named.to else named
        except GoBack:
            if asked.to:
                raise


def _ask_reader(asker: Asker) -> str:
    asked = Asked(
        "Who will see it?", "A name to note in the logbook. Enter: none.", can_go_back=True
    )
    return ask_until_taken(asker, asked, _read_name)


def _ask_consent(asker: Asker, asked: HandOver, client: str, author: str) -> HandOver:
    """Return it with the client's own answer, or who decided where the client can't."""
    reader = asked.to or "the family"
    choice = Choice(
        f"Has {client} agreed to {reader} seeing this?",
        (
            Option("yes", "yes", "y"),
            Option("no", "no", "n"),
            Option("cannot decide", "cannot decide", "c"),
        ),
        in_a_row=True,
        can_go_back=True,
    )
    while True:
        answer = asker.choose(choice)
        if answer == "no":
            raise NearmissError(
                f"Then it is not made for {reader}. {client} may have a copy. "
                "If someone is in danger, ring adult social care."
            )
        basis: Basis = "client_agreed" if answer == "yes" else "best_interests"
        with suppress(GoBack):
            return _find_decider(replace(asked, basis=basis), client, author, asker)


def _ask_decider(asker: Asker, author: str) -> str:
    asked = Asked(
        "Who decided that it is in their best interests?",
        f"Enter alone: {author}.",
        can_go_back=True,
    )
    return ask_until_taken(asker, asked, _read_name) or author


def _read_name(typed: str) -> str:
    return check_text("A name", typed, MOST_LINE)


def _ask_basis(asker: Asker, asked: HandOver, client: str, author: str) -> HandOver:
    options: tuple[Option[Basis], ...] = (
        Option("It is needed for their care", "direct_care"),
        Option(f"{client} has agreed", "client_agreed"),
        Option(f"{client} cannot decide, and it is in their best interests", "best_interests"),
        Option("There is a safeguarding concern", "safeguarding"),
    )
    choice = Choice(f"Why may {asked.to} see it?", options, can_go_back=True)
    while True:
        basis = asker.choose(choice)
        with suppress(GoBack):
            return _find_decider(replace(asked, basis=basis), client, author, asker)


Wanted = Literal[DocumentKind, "blank"]

_OFFERED = 9  # reports, or clients
_GLIMPSE = 60  # characters of a report that is offered
READERS: dict[Wanted, Audience] = {
    "report": "family",
    "meeting": "family",
    "handover": "professional",
    "chronology": "own",
    "changeover": "professional",
    "blank": "own",
}
_COMMANDS = {"meeting": "print --meeting", "handover": "export", "chronology": "print --chronology"}


def ask_request(
    workplace: Workplace, asker: Asker, kind: Wanted | None, make: Callable[[HandOver], None]
) -> None:
    """Ask what to ``make``, of what and for whom; Esc goes one question back."""

    def finish(asked: HandOver) -> HandOver:
        make(replace(asked, was_asked=True))
        return asked

    while True:
        begun = _begin(kind or _ask_kind(asker))
        try:
            ask_in_turn((*_Questions(workplace, asker).steps, finish), begun)
        except GoBack:
            if kind:
                raise
        else:
            return


def _begin(kind: Wanted) -> HandOver:
    rules = FOR_NEXT_CARER if kind == "changeover" else choose_rules(READERS[kind])
    return HandOver(kind, "pdf", rules)


def _ask_kind(asker: Asker) -> Wanted:
    options: tuple[Option[Wanted], ...] = (
        Option("One report, for the family", "report"),
        Option("A pack for a family meeting", "meeting"),
        Option("All of it in order, for yourself", "chronology"),
        Option("A blank form to fill in by hand", "blank"),
    )
    return asker.choose(Choice("What would you like to print?", options, can_go_back=True))


class _Questions:
    def __init__(self, workplace: Workplace, asker: Asker) -> None:
        self._workplace = workplace
        self._asker = asker
        self.steps: tuple[Step[HandOver], ...] = (
            self._ask_client,
            self._ask_which,
            self._ask_reader,
            self._ask_for_what,
            self._ask_phone,
            self._ask_size,
        )

    def _ask_client(self, so: HandOver) -> HandOver | None:
        if so.kind == "blank":
            return None
        clients = self._list_clients(so)
        if not clients:
            raise NothingLogged
        if len(clients) == 1:
            return None
        options = tuple(Option(each, each) for each in clients[:_OFFERED])
        client = self._asker.choose(Choice("About whom?", options, can_go_back=True))
        return replace(so, filters=replace(so.filters, client=client))

    def _list_clients(self, so: HandOver) -> list[str]:
        return list_clients(_read_counted(self._workplace.book, so.kind))

    def _ask_which(self, so: HandOver) -> HandOver | None:
        if so.kind == "blank":
            return None
        reports = list_offered(self._workplace.book, so.filters.client, so.kind)
        if so.kind == "changeover":
            return self._ask_since(so, reports)
        return self._ask_one(so, reports) if so.kind == "report" else self._ask_span(so, reports)

    def _ask_one(self, so: HandOver, reports: Sequence[Report]) -> HandOver:
        options = tuple(Option(_tell(each), each.id) for each in reports[:_OFFERED])
        command = _COMMANDS.get(so.kind, "print")
        help_text = f"The newest. An older one: nearmiss {command} with its number."
        choice = Choice(
            "Which report?",
            options,
            help_text if len(reports) > _OFFERED else "",
            chosen=0,
            can_go_back=True,
        )
        return replace(so, references=(self._asker.choose(choice),))

    def _ask_span(self, so: HandOver, reports: Sequence[Report]) -> HandOver | None:
        if len(reports) == 1:
            return None
        options: list[Option[Callable[[], HandOver]]] = [
            Option(f"{label}: {count_of(number, 'report')}", partial(_limit, so, since))
            for label, since, number in _count_spans(reports, self._workplace.now())
        ]
        options += [
            Option(f"All: {count_of(len(reports), 'report')}", lambda: so),
            Option("One report", lambda: self._ask_one(so, reports), words=("one",)),
            Option("From another day", lambda: self._ask_day(so, reports), words=("day",)),
        ]
        return self._settle(Choice("Which reports?", tuple(options), can_go_back=True))

    def _ask_since(self, so: HandOver, reports: Sequence[Report]) -> HandOver:
        options: tuple[Option[Callable[[], HandOver]], ...] = (
            Option("Since the last one that was handed over, else 14 days", lambda: so),
            Option("From another day", lambda: self._ask_day(so, reports), words=("day",)),
        )
        return self._settle(Choice("Since when?", options, chosen=0, can_go_back=True))

    def _settle(self, choice: Choice[Callable[[], HandOver]]) -> HandOver:
        while True:
            settle = self._asker.choose(choice)
            with suppress(GoBack):
                return settle()

    def _ask_day(self, so: HandOver, reports: Sequence[Report]) -> HandOver:
        now = self._workplace.now()
        asked = Asked(
            "From which day?", "That day and all after it.", example="1 March", can_go_back=True
        )
        since = ask_until_taken(
            self._asker, asked, lambda typed: _read_first_day(typed, reports, now)
        )
        number = sum(each.occurred >= since for each in reports)
        say(f"From {echo_day(since)}: {count_of(number, 'report')}.")
        return _limit(so, since)

    def _ask_reader(self, so: HandOver) -> HandOver | None:
        if so.audience == "own":
            return None
        self._workplace.introduce()
        client = so.filters.client or self._list_clients(so)[0]
        author = self._workplace.settings.author
        return settle_consent(so, client, author, self._asker, self._list_worries(so))

    def _list_worries(self, so: HandOver) -> list[Record]:
        """Return the reports with a worry that the reader would see."""
        counted = _read_counted(self._workplace.book, so.kind) if so.rules.safeguarding else ()
        return [
            each
            for each in counted
            if each.report.safeguarding
            and so.filters.match(each)
            and (not so.references or each.id in so.references)
        ]

    def _ask_for_what(self, so: HandOver) -> HandOver | None:
        if so.kind != "handover":
            return None
        asked = Asked(
            "What do you ask them for?",
            "A visit, a look at the tablets. Enter alone: lines to write on.",
            shape="lines",
            can_go_back=True,
        )
        text = ask_until_taken(
            self._asker,
            asked,
            lambda typed: check_text("This", typed, MOST_REQUEST, one_line=False),
        )
        return replace(so, asks_for=text)

    def _ask_phone(self, so: HandOver) -> HandOver | None:
        return so if self._workplace.ask_phone_for(so.kind) else None

    def _ask_size(self, so: HandOver) -> HandOver:
        options = (Option("as usual", False), Option("large, 18 points", True))
        choice = Choice("How large are the letters?", options, chosen=0, can_go_back=True)
        return replace(so, large=self._asker.choose(choice))


def _limit(so: HandOver, since: datetime) -> HandOver:
    return replace(so, filters=replace(so.filters, since=since))


def _count_spans(reports: Sequence[Report], now: datetime) -> Iterator[tuple[str, datetime, int]]:
    for label, months in (("The last 3 months", 3), ("The last 12 months", 12)):
        since = parse_since(f"{months} months", now)
        number = sum(each.occurred >= since for each in reports)
        if 0 < number < len(reports):
            yield label, since, number


def _read_first_day(typed: str, reports: Sequence[Report], now: datetime) -> datetime:
    if not typed.strip():
        raise UsageProblem("A day is needed, such as 1 March or 3 months ago.")
    since = parse_since(typed, now)
    if all(each.occurred < since for each in reports):
        raise UsageProblem(f"There is no report from {echo_day(since)} on.")
    return since


def _read_counted(book: Logbook, kind: Kind) -> Iterator[Record]:
    """Yield the reports that stand on such a paper: withdrawn ones on a chronology alone."""
    return (each for each in read_records(book) if kind == "chronology" or not each.withdrawn)


def list_offered(book: Logbook, client: str | None, kind: Kind) -> list[Report]:
    """Return the reports for such a paper, the newest first; all where ``client`` is empty."""
    wanted = fold_text(client or "")
    reports = (record.current for record in _read_counted(book, kind))
    return [each for each in reports if not wanted or fold_text(each.client) == wanted]


def _tell(report: Report) -> str:
    return f"{report.id}, {tell_when(report)}: {shorten(report.what, _GLIMPSE)}"


_ASKED_OF = 9  # people


def ask_who(asker: Asker, unnamed: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the parts that people play in whose lines none stands, each asked of once."""
    called: dict[str, str] = {}
    for key, lines in sorted(unnamed.items(), key=lambda each: -len(each[1]))[:_ASKED_OF]:
        asked = Asked(
            f'Who is that: "{shorten(lines[0], _GLIMPSE)}"?',
            "For this paper alone: their part, not their name. Enter alone: someone else.",
            example="his daughter",
            can_go_back=True,
        )
        with suppress(GoBack):
            if part := ask_until_taken(asker, asked, _read_part):
                called[key] = part
    return called


def _read_part(typed: str) -> str:
    """Return the part that was typed, empty for none. Raises UsageProblem where it is no part."""
    text = check_text("This", typed, MOST_LINE)
    roles = [] if is_hidden(text) else find_roles(text)
    if text and (not roles or SOMEONE_ELSE in roles):
        raise UsageProblem("That is no part that is known here, such as daughter or nurse.")
    return " and ".join(roles)
