"""The carer's own word on which reports show the same hazard: asked, noted, and told back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from nearmiss import words
from nearmiss.errors import UsageProblem
from nearmiss.insight.cases import FEWEST, NEWEST, CaseBook, CaseReader
from nearmiss.insight.patterns import (
    Neighbours,
    Possible,
    Similar,
    find_all_possible,
    find_neighbours,
)
from nearmiss.insight.telling import (
    tell_answered,
    tell_possible,
    tell_report,
    tell_similar,
)
from nearmiss.intake.named import find_others
from nearmiss.model.entries import ComparisonFields, Report
from nearmiss.records.find import list_clients
from nearmiss.speech import join_words, say
from nearmiss.terminal.asking import Asked, Asker, Choice, Option, ask_until_taken, ask_yes_no
from nearmiss.text import find_refused, fold_text, show_safely, tidy

_LONGEST_NAME = 80
_NONE, _LATER = "none", "later"  # the values of the options that none of them is meant, or now

Write = Callable[[Sequence[ComparisonFields]], object]  # saves; raises what saving raises


@dataclass(frozen=True)
class Verdict:
    """What the carer says of one report: the same hazard as some, different from others."""

    report: str
    same: tuple[str, ...] = ()
    different: tuple[str, ...] = ()
    name: str = ""

    def make_entries(self) -> list[ComparisonFields]:
        """Return what is written of it."""
        name = self.name or None
        return [
            *(_compare(self.report, other, same=True, name=name) for other in self.same),
            *(_compare(self.report, other, same=False) for other in self.different),
        ]


def _compare(one: str, other: str, *, same: bool, name: str | None = None) -> ComparisonFields:
    return ComparisonFields(about=one, other=other, same_hazard=same, hazard=name)


@dataclass(frozen=True)
class Questions:
    """Asks about likeness and notes the answers; ``write`` saves them."""

    reader: CaseReader
    asker: Asker
    write: Write

    def ask_about(self, report: Report) -> bool:
        """Ask which earlier reports show the same hazard as ``report``; return whether that was."""
        book = self.reader.read(NEWEST)
        likely = find_neighbours(self.reader, book, report).choose_to_ask(book.verdicts)
        if likely:
            self._ask(book, report, likely, words.say_of_pattern("question"))
        return bool(likely)

    def review(self, client: str | None, days: int) -> int:
        """Go through what may be patterns, the likeliest first; return how many were asked."""
        book = self.reader.read(None)
        found = find_all_possible(self.reader, book, client, days)
        for possible in found:
            self._ask_about_possible(book, possible)
        return len(found)

    def _ask_about_possible(self, book: CaseBook, possible: Possible) -> None:
        subject = max(possible.cases, key=lambda case: case.number)
        neighbours = Neighbours(subject, possible.cases)
        question, *_ = tell_possible(possible)
        say()
        say(tell_report(subject.id, subject.report))
        others = [
            each
            for each in neighbours.list_most_alike()
            if book.verdicts.find(subject.id, each.case.id) is None
        ]
        self._ask(book, subject.report, others, question, why=False)

    def _ask(
        self,
        book: CaseBook,
        report: Report,
        likely: Sequence[Similar],
        question: str,
        *,
        why: bool = True,
    ) -> None:
        marked = [book.verdicts.find_marked(each.case.id) for each in likely]
        meant = ("yes", "y") if len(likely) == 1 else ()
        options = [
            Option(tell_similar(each, tied, why=why), each.case.id, words=meant)
            for each, tied in zip(likely, marked, strict=True)
        ]
        later = Option("Not now", _LATER, "l", ("later",))
        none = Option("None of these", _NONE, "n", ("no", "none"))
        help_text = words.say_of_pattern("question_help")
        every = (*options, later, none)
        choice = Choice(question, every, help_text, chosen=len(options), unasked=True)
        chosen = self.asker.choose_several(choice)
        if chosen == (_NONE,):
            self._note(Verdict(report.id, different=tuple(each.case.id for each in likely)))
        elif chosen != (_LATER,):
            self._settle(book, Verdict(report.id, same=chosen))

    def _settle(self, book: CaseBook, verdict: Verdict) -> None:
        """Note that some are the same, once it contradicts nothing and a third has its name."""
        conflicts = find_conflicts(book, verdict)
        for one, other in conflicts:
            question = words.say_of_pattern("conflict", one=one, other=other)
            if not ask_yes_no(self.asker, question):
                say("Nothing was noted: what you said before stands.")
                return
        extra = [_compare(*pair, same=True) for pair in conflicts if verdict.report not in pair]
        together = join_groups(book, verdict)
        if needs_name(book, together):
            verdict = Verdict(verdict.report, verdict.same, name=self._ask_name(book))
        self._note(verdict, extra)

    def _ask_name(self, book: CaseBook) -> str:
        clients, asked_of = list_clients(book.records.values()), set[str]()

        def read(typed: str) -> str:
            name = read_name(typed)
            named = find_others({"note": name}, "", clients)
            if named and name not in asked_of:
                asked_of.add(name)
                ask = f"That names {show_safely(join_words(named))}. Call it that all the same?"
                if not ask_yes_no(self.asker, ask, "n: name it anew."):
                    raise UsageProblem("Name the hazard, not the person.")
            return name

        asked = Asked(
            words.say_of_pattern("name"),
            words.say_of_pattern("name_help"),
            example=words.say_of_pattern("name_example"),
        )
        return ask_until_taken(self.asker, asked, read)

    def _note(self, verdict: Verdict, extra: Iterable[ComparisonFields] = ()) -> None:
        self.write([*verdict.make_entries(), *extra])
        tell_noted(self.reader, verdict)


def read_name(typed: str) -> str:
    """Return what a hazard is called; empty where nothing was typed. Raises UsageProblem."""
    name = tidy(typed)
    if len(name) > _LONGEST_NAME:
        reason = f"{len(name)} characters are too many for a name; {_LONGEST_NAME} fit."
        raise UsageProblem(reason)
    if find_refused(name, one_line=True):
        raise UsageProblem("A name is one line without control characters.")
    return name


def check_verdict(book: CaseBook, verdict: Verdict) -> None:
    """Say what a verdict given by options replaces. Raises UsageProblem for what can't be noted."""
    both = set(verdict.same) & set(verdict.different)
    if both:
        raise UsageProblem(f"{min(both)} is named with --same and --different. Nothing was noted.")
    client = fold_text(book.records[verdict.report].report.client)
    for other in (*verdict.same, *verdict.different):
        if other == verdict.report:
            raise UsageProblem(
                f"{other} is the report itself: name another one. Nothing was noted."
            )
        if fold_text(book.records[other].report.client) != client:
            raise UsageProblem(
                f"{verdict.report} and {other} are about two clients, whose reports are never put "
                "together. Nothing was noted."
            )
    read_name(verdict.name)
    if verdict.name and not verdict.same:
        raise UsageProblem(
            f"{verdict.report} is not marked as the same hazard as another report, so there is "
            "nothing to name. Add --same and that report. Nothing was noted."
        )
    for one, other in find_conflicts(book, verdict):
        say(words.say_of_pattern("replaced", one=one, other=other))


def fill_in_marked(book: CaseBook, verdict: Verdict) -> Verdict:
    """Return a verdict that only names, as one on a report that is marked with it already."""
    marked = book.verdicts.find_marked(verdict.report)
    if not verdict.name or verdict.same or marked is None:
        return verdict
    other = next(each for each in marked.ids if each != verdict.report)
    return Verdict(verdict.report, (other,), verdict.different, verdict.name)


def join_groups(book: CaseBook, verdict: Verdict) -> set[str]:
    """Return every report that hangs together once ``verdict`` is noted."""
    together = {verdict.report, *verdict.same}
    for marked in book.verdicts.marked:
        if together & set(marked.ids):
            together |= set(marked.ids)
    return together


def find_conflicts(book: CaseBook, verdict: Verdict) -> list[tuple[str, str]]:
    """Return the pairs that would stand together, or apart, against what was said of them."""
    together = join_groups(book, verdict) if verdict.same else set[str]()
    now_same = {frozenset((verdict.report, other)) for other in verdict.same}
    same = [
        (one, other)
        for one, other in book.verdicts.list_pairs(same=False)
        if one in together and other in together and frozenset((one, other)) not in now_same
    ]
    turned = [
        (verdict.report, other)
        for others, was in ((verdict.same, False), (verdict.different, True))
        for other in others
        if book.verdicts.find(verdict.report, other) is was
    ]
    return [*turned, *same]


def needs_name(book: CaseBook, together: set[str]) -> bool:
    """Whether a third report joins here, of what has no name yet."""
    before = [marked for marked in book.verdicts.marked if together & set(marked.ids)]
    third = len(together) >= FEWEST and all(len(each.reports) < FEWEST for each in before)
    return third and not any(each.name for each in before)


def tell_noted(reader: CaseReader, verdict: Verdict) -> None:
    """Say what was noted, and what it comes to in the whole book."""
    if verdict.different:
        others = join_words(list(verdict.different)).replace(" and ", " or ")
        say(words.say_of_pattern("noted_different", report=verdict.report, reports=others))
    book = reader.read(None)
    marked = book.verdicts.find_marked(verdict.report)
    for other in verdict.different if marked else ():
        if marked and other in marked.ids:
            between = join_words(
                [each for each in marked.ids if each not in (verdict.report, other)]
            )
            say(f"They still stand together by what is marked with {between}. Take that back too.")
    if not verdict.same:
        return
    named = join_words([verdict.report, *verdict.same])
    say(words.say_of_pattern("noted_same", reports=named))
    for line in tell_answered(marked, book, reader.today) if marked else ():
        say(line)


def repeat_verdicts(entries: Sequence[ComparisonFields]) -> list[str]:
    """Return the command that says the same again."""
    begin = ["similar", entries[0].about]
    for each in entries:
        if each.about == entries[0].about:
            begin += ["--same" if each.same_hazard else "--different", each.other]
    name = next((each.hazard for each in entries if each.hazard), None)
    return [*begin, "--name", name] if name else begin
