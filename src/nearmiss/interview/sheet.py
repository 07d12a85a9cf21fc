"""What only the carer can know of a sheet, asked once for the whole file, or refused at once."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from nearmiss.errors import UsageProblem
from nearmiss.intake.columns import OUTCOME, find_tick, name_field, quote
from nearmiss.intake.heads import read_key
from nearmiss.intake.likely_days import tell_weekdays
from nearmiss.intake.people import is_mixed, name_person
from nearmiss.intake.reached import read_reached
from nearmiss.intake.reading import BY_INJURY, LEFT_OUT, Reached, Reading
from nearmiss.intake.survey import Survey, find_unknown_kinds, find_unsure, guess_entry
from nearmiss.intake.values import find_entry, find_theme, is_plain_no
from nearmiss.interview.assumed import count_rows, name_rows, name_value
from nearmiss.interview.clients import ClientQuestions
from nearmiss.interview.days import Answered
from nearmiss.model.questions import CATEGORIES, CATEGORY_LABELS, Category
from nearmiss.speech import join_words, name_some
from nearmiss.terminal.asking import SURE, Asked, Choice, Option, Step, Sure
from nearmiss.text import fold_text, show_safely, tidy

_MOST_ASKED = 12  # values of one column that are asked about one by one
_NAMED = 10
_MOST_LISTED = 40  # values that count as yes: each is to be seen


class SheetQuestions(ClientQuestions):
    """The questions about what stands in the rows of a sheet."""

    @property
    def steps(self) -> list[Step[Reading]]:
        """What is asked, in turn, until it is known how the sheet is meant."""
        rows = [self.look_at_rows, self.ask_days, self._ask_rest]
        return [*self.column_steps, *rows, self._tell_weekdays]

    def _ask_rest(self, reading: Reading) -> Answered:
        """Return all that is taken so far as the sheet says it, shown on one screen, and right."""
        steps = (
            *(self.assume_client, self._assume_entry, self.assume_halves, self.assume_hours),
            *(self.assume_night, self.assume_midnight, self._assume_entries, self._assume_hurt),
            *(self._assume_missing, self._assume_truths, self._assume_worries),
            *(self._assume_worry_told, self._assume_kinds, self._assume_theme),
            self.assume_clients,
            *(self._assume_people, self._assume_marks, self._assume_reached),
        )
        return self.confirm_all("The sheet is read like this: is it right?", steps, reading)

    def _tell_weekdays(self, reading: Reading) -> Answered:
        self.told += name_some(tell_weekdays(self.found, reading), _NAMED)
        return None

    def _assume_entry(self, reading: Reading) -> Reading:
        """Return whether these are near misses or incidents, as is likely, or asked."""
        if self.given.entry:
            return replace(reading, entry=self.given.entry)
        if "entry" in reading.fields or reading.is_own:
            return reading
        words = " ".join(map(fold_text, (*reading.heads, *self.titles)))
        is_other = "incident" in words or "accident" in words or OUTCOME in reading.fields
        is_plain = "what_nearly_happened" in reading.fields
        is_near = is_plain or bool(re.search(_NEAR, words) and not is_other)
        if (is_near and self.asker is None) or (is_plain and not self.found.injuries):
            return replace(reading, entry="report")
        if self.asker is None:
            self.refused.append(
                "The sheet does not say whether these are near misses or incidents: "
                "--entry near-miss or --entry incident"
            )
            return replace(reading, entry="report")
        labels = _list_entries(self.found)

        def ask() -> str:
            options = tuple(Option(label, value) for value, label in labels.items())
            help_text = "Single rows can be changed before they are saved."
            return self.choose(Choice("What are these?", options, help_text))

        likely = BY_INJURY if self.found.injuries else "report" if is_near else None
        entry = self.assume(
            "entry", likely, lambda each: labels[each][:1].upper() + labels[each][1:], ask
        )
        return replace(reading, entry=entry)

    def _assume_entries(self, reading: Reading) -> Reading:
        unknown = {each: n for each, n in self.found.entries.items() if find_entry(each) is None}
        if not unknown or reading.entry:
            return reading
        if self.asker is None:
            named = join_words(name_some(list(map(name_value, unknown)), _NAMED))
            self.refused.append(
                f"{named}: near miss or incident? For all rows: --entry near-miss or incident"
            )
            return reading
        head = reading.heads[reading.fields.index("entry")]
        has_injuries = bool({"injury", OUTCOME} & {*reading.fields})
        self.first = self.found.first["entry"]
        meant = {each: self.key.get(each.strip(), each) for each in unknown}
        has_both = any(find_entry(each) == "incident" for each in self.found.entries)
        said = {
            each: LEFT_OUT
            if has_both and find_tick(head) == "report" and (not each or is_plain_no(each))
            else find_entry(words) or guess_entry(words, head, has_injuries=has_injuries)
            for each, words in meant.items()
        }
        options = [Option(label, value) for value, label in _ENTRIES.items()]
        put = self.put_option(options, lambda each: f"{name_value(each)}: what is that?")
        said = self.assume_each("Near miss or incident", said, put, unknown, _ENTRIES.__getitem__)
        return replace(reading, entries={fold_text(each): value for each, value in said.items()})

    def _assume_hurt(self, reading: Reading) -> Reading:
        """Return which near misses are incidents after all, as an injury is told of in them."""
        hurt = {
            number: injury
            for number, (said, injury) in self.found.hurt.items()
            if (reading.entry or reading.entries.get(fold_text(said)) or find_entry(said))
            == "report"
        }
        if not hurt or reading.is_own or self.asker is None:
            return reading
        said = f"An injury stands in near misses, row {_name_words(hurt)}"
        is_so = self.assume_so("hurt", said, "they are taken as incidents", "those rows stay out")
        return replace(reading, others=frozenset(hurt if is_so else ()))

    def _assume_missing(self, reading: Reading) -> Reading:
        """Return whether "not known" stands where a row says nothing, its hour too."""
        hourless = self.tell_hourless(reading)
        if hourless and self.given.hour_not_known:
            reading, hourless = replace(reading, hour_not_known=True), ""
        lacking = {} if reading.is_own else _find_lacking(reading, self.found)
        if self.given.missing:
            reading, lacking = replace(reading, missing=True), {}
        if reading.is_own:
            reading = replace(reading, hour_not_known=True)
        told = [hourless] * bool(hourless)
        told += [
            f"no column {quote(name_field(name))}"
            if count == self.found.count and name not in reading.fields
            else f"no {quote(name_field(name))} in {count_rows(count)}"
            for name, count in lacking.items()
        ]
        if not told:
            return reading
        said, is_kind = f"There is {join_words(told)}", [*lacking] == ["category"] and not hourless
        put = _BY_WORDS if is_kind else 'written as "not known"'
        if "category" in lacking and not is_kind:
            put += f", the kind {_BY_WORDS}"
        if self.asker is None:
            options = ["--hour-not-known"] * bool(hourless)
            options += ["--missing not-known"] * bool(lacking)
            self.refused.append(f"{said}. So that it is {put}: {' '.join(options)}")
            return replace(reading, missing=True, hour_not_known=True)
        is_so = self.assume_so("missing", said, put, "those rows stay out", of="missing")
        return replace(
            reading,
            missing=reading.missing or (is_so and bool(lacking)),
            hour_not_known=reading.hour_not_known or (is_so and bool(hourless)),
        )

    def _assume_truths(self, reading: Reading) -> Reading:
        """Return which answers that are neither yes nor no count as yes."""
        if "safeguarding" not in reading.fields and not self.found.worries:
            self.told.append("No column says whether there is a worry about harm.")
        pairs = zip(reading.heads, reading.fields, strict=True)
        said = [quote(head) for head, name in pairs if name == "safeguarding"]
        if len(said) > 1:
            self.told.append(f"A worry, where one of these says yes: {join_words(said)}.")
        truths = dict[tuple[str, str], bool]()
        for name, counted in () if reading.is_own else self.found.truths.items():
            if unsure := find_unsure(name, counted):
                truths |= self._assume_truth(name, _YES_TO[name], unsure)
        return replace(reading, truths=truths)

    def _assume_truth(
        self, name: str, what: str, unsure: Mapping[str, int]
    ) -> dict[tuple[str, str], bool]:
        if self.asker is None or len(unsure) > _MOST_ASKED:
            named = [f"{quote(each)} ({count_rows(count)})" for each, count in unsure.items()]
            shown = join_words(name_some(named, _MOST_LISTED))
            self.told.append(f"Counted as yes ({what.lower()}): {shown}.")
            return {}
        said: dict[str, Sure] = {
            each: "no" if _SAYS_NO.match(fold_text(each)) else "yes" for each in unsure
        }

        self.first = self.found.first[name]

        def ask(value: str) -> str:
            rows = self.tell_rows(value, unsure)
            return f"{quote(value)} stands in {rows}: {what[0].lower()}{what[1:]}?"

        said = self.assume_each(what, said, self.put_option(SURE, ask), unsure)
        return {(name, fold_text(each)): value != "no" for each, value in said.items()}

    def _assume_worries(self, reading: Reading) -> Reading:
        """Return which rows tell of a worry about harm, by their words, where no column says so."""
        if reading.is_own:
            return reading
        if self.found.doubted:
            doubted = _name_words(self.found.doubted)
            self.told.append(
                f"No worry, says the sheet, and words that may tell of one stand in row {doubted}."
            )
        if not self.found.worries:
            return reading
        rows = _name_words(self.found.worries)
        said = f"Words that may tell of a worry about harm stand in row {rows}"
        if self.asker is None:
            self.told.append(f"{said}. None is noted.")
            return reading

        if self.assume_so("worries", said, "a worry is noted there", "no worry is noted"):
            return replace(reading, worries=dict.fromkeys(self.found.worries, True))
        return reading

    def _assume_worry_told(self, reading: Reading) -> Reading:
        """Return whether those told know of the worry too; a safeguarding lead surely does."""
        known = {
            number: protectors
            for number, (cells, protectors) in self.found.worry_told.items()
            if (not cells or reading.says_so("safeguarding", cells))
            and (number not in self.found.worries or number in reading.worries)
        }
        if not known or reading.is_own or self.asker is None:
            return reading
        said = f"Told of the worry about harm in {name_rows(known)}"
        named = [
            f"row {n}: {', '.join(map(show_safely, who)) or 'nobody'}" for n, who in known.items()
        ]
        only = "; ".join(name_some(named, _NAMED))
        everyone = "all who were told there"
        is_so = self.assume_so("worry told", said, everyone, only, is_so=False)
        return replace(reading, knowing=frozenset(known if is_so else ()))

    def _assume_kinds(self, reading: Reading) -> Reading:
        unknown, self.first = (
            find_unknown_kinds(self.found.kinds, self.key),
            self.found.first["category"],
        )
        if not unknown:
            return reading
        if self.asker is None:
            named = join_words(name_some([*map(quote, unknown)], _NAMED))
            none = f"None of the six kinds: {named}."
            if self.given.missing:
                self.told.append(f"{none} The kind is {_BY_WORDS}.")
            else:
                six = f"Put one of the six ({', '.join(CATEGORY_LABELS.values())}) there, or"
                self.refused.append(f"{none} {six}, so that it is {_BY_WORDS}: --missing not-known")
            return replace(
                reading, kinds={fold_text(each): to for each, (_, to) in unknown.items()}
            )
        count = len(unknown)
        if count > 1 and not any(guess for _, guess in unknown.values()):
            self.told.append(
                f"{count} words for the kind are none of the six: it is {_BY_WORDS}. They are kept."
            )
            return replace(reading, kinds=dict.fromkeys(map(fold_text, unknown)))
        labels: dict[Category | None, str] = {each: CATEGORY_LABELS[each] for each in CATEGORIES}
        labels[None] = _BY_WORDS
        options = [Option(label, kind, "" if kind else "s") for kind, label in labels.items()]
        counted = {each: count for each, (count, _) in unknown.items()}
        said: dict[str, Category | None] = {each: guess for each, (_, guess) in unknown.items()}

        def ask(typed: str) -> str:
            return f"Which kind is {quote(typed)}? ({self.tell_rows(typed, counted)})"

        put = self.put_option(options, ask)
        said = self.assume_each("The kinds", said, put, counted, labels.__getitem__)
        return replace(reading, kinds={fold_text(each): kind for each, kind in said.items()})

    def _assume_theme(self, reading: Reading) -> Reading:
        """Return the kind of rows that neither say nor suggest theirs, as the sheet is called."""
        theme = find_theme([*(each for each in self.titles if not read_key([each])), self.name])
        if theme is None or reading.is_own or ("category" in reading.fields and not reading.kinds):
            return reading
        label = CATEGORY_LABELS[theme]
        said = f"The kind where no words suggest one, as the sheet is called {quote(self.name)}"
        if self.asker is None:
            self.told.append(f"{said}: {label}.")
        elif not self.assume_so("theme", said, label, "Other"):
            return reading
        return replace(reading, theme=theme)

    def _assume_people(self, reading: Reading) -> Reading:
        """Return who was told where a cell below a head says yes: by the head, or asked."""
        self.first = self.found.first["informed"]
        people = {head: name_person(head) for head in self.found.yes_people}
        for head, person in people.items():
            if person:
                self.told.append(f"A yes below {quote(head)} is taken as: {person}.")
            elif self.asker:
                rows = self.tell_rows(head, self.found.yes_people)
                put = f"{quote(head)}: {rows} says yes"
                asked = Asked(f"{put}. Who was told?", "Role (name). A dash (-): nobody is noted.")
                people[head] = self.assume(
                    f"who {head}",
                    None,
                    partial(_tell_person, put),
                    partial(self.ask_text, asked, tidy),
                )
        return replace(
            reading, people={head: each for head, each in people.items() if self.asker or each}
        )

    def _assume_marks(self, reading: Reading) -> Reading:
        """Return whether a mark that may be a tick says that somebody was told."""
        if self.asker is None or not self.found.marks:
            return reading
        options = (Option("told", True, "t", ("yes",)), Option("not told", False, "n", ("no",)))
        put = self.put_option(options, lambda mark: f"{quote(mark)} for who was told: were they?")
        likely = dict.fromkeys(self.found.marks, False)
        tell = {True: "told", False: "not told"}.__getitem__
        return replace(
            reading,
            marks=self.assume_each("Marks for who was told", likely, put, self.found.marks, tell),
        )

    def _assume_reached(self, reading: Reading) -> Reading:
        """Return which lines tell of somebody reached, of those that say it in no plain words."""
        if self.asker is None or not self.found.open:
            return reading
        lines = [line for line, _ in self.found.open.most_common(_MOST_LISTED)]
        options: tuple[Option[Reached], ...] = (
            Option("told", True, "t", ("yes",)),
            Option("only tried", False, "o", ("no",)),
            Option("neither: still to be told, or nobody", None, "n"),
            Option("one was told, another only tried", _BOTH, "b"),
        )

        def put(line: str, _: Reached) -> Reached:
            shown = f"{show_safely(line)} ({self.tell_rows(line, self.found.open)})."
            taken = self.choose(Choice(f"{shown} Was somebody reached?", options))
            if taken != _BOTH:
                return taken
            told = self.ask_text(Asked(f"{shown} Who was told?", "Role (name)."), _read_some)
            rest = " ".join(line.replace(told, " ").split()).strip(" ,;.&+-")
            asked = Asked("And who was only tried?", "Role (name).", suggestion=rest)
            return told, self.ask_text(asked, _read_some)

        def tell(taken: Reached) -> str:
            if isinstance(taken, tuple):
                return f"{show_safely(taken[0])} told, {show_safely(taken[1])} only tried"
            return {True: "told", False: "only tried", None: "neither told nor tried"}[taken]

        weighed = {each: _weigh_reached(each) for each in lines}
        likely = dict(sorted(weighed.items(), key=lambda each: each[1] is not True))
        said = self.assume_each("Told, or only tried", likely, put, self.found.open, tell)
        return replace(reading, reached=said)


def _name_words(found: Mapping[int, str]) -> str:
    """Return the numbers of rows, each with words that stand there."""
    return join_words(name_some([f"{n} ({quote(each)})" for n, each in found.items()], _NAMED))


def _weigh_reached(line: str) -> Reached:
    """Return what is taken of a line that is not plain: rather tried than told, as it may be."""
    read = read_reached(line)
    is_planned = line.startswith((">", "→")) or (read.reach == "unsure" and _PLANS.search(line))
    if is_planned or (read.reach == "missed" and not read.was_tried):
        return None
    return read.reach == "reached" and not is_mixed(line)


_PLANS = re.compile(
    r"(?i)\b(?:will|to) (?:ring|phone|call|tell|inform|email|text|speak|let|report)\b"
)


def _tell_person(said: str, person: str) -> str:
    return f"{said}: {person or 'nobody is noted'}"


_BOTH = ("", "")


def _read_some(typed: str) -> str:
    if not (told := tidy(typed)):
        raise UsageProblem("Write who it was.")
    return told


def _list_entries(found: Survey) -> dict[str, str]:
    """Return what all rows may be, the likeliest first."""
    entries = {
        "report": "near misses: nobody was hurt",
        "incident": "incidents: somebody was hurt, or may have been",
    }
    if found.injuries:
        rows = name_rows(found.injuries)
        said = f"incidents where an injury is told of ({rows}), else near misses"
        return {BY_INJURY: said, **entries}
    return entries


def _find_lacking(reading: Reading, found: Survey) -> dict[str, int]:
    """Return what the sheet does not say, and in how many rows, of what each kind has."""
    kinds: set[str | None] = {reading.entry or "report"}
    if reading.entry == BY_INJURY:
        kinds = {"report", "incident"}
    elif not reading.entry and found.entries:
        kinds = {find_entry(each) or reading.entries.get(fold_text(each)) for each in found.entries}
        kinds = {"report", "incident"} if BY_INJURY in kinds else kinds - {LEFT_OUT}
    counted = found.apart if len(kinds) > 1 else found.missing
    lacking = {name: count for name, count in counted.items() if count}
    for name, kind in (("how_prevented", "report"), ("injury", "incident")):
        if kind not in kinds:
            lacking.pop(name, None)
    return lacking


_SAYS_NO = re.compile(
    r"(?:no|n|not|nah|nope|n/?a|exact(?:ly)?|precise(?:ly)?)\b(?!.*\b(?:sure|yet|known|really)\b)"
    r"|.*\bnot (?:s/?g|safeguarding)\b"
)
_BY_WORDS = "suggested from what was written, else Other"
_ENTRIES = {
    "report": "a near miss",
    "incident": "an incident",
    BY_INJURY: "an incident where an injury is told of, else a near miss",
    LEFT_OUT: "neither: left out",
}
_NEAR = r"near(?:ly)? (?:miss|things?|book)|close (?:calls?|shaves?)"
_YES_TO = {
    "safeguarding": "A worry about harm or neglect",
    "occurred_approx": "An hour that is only about right",
    "hour_not_known": "An hour that is not known",
    "noticed": "An hour at which it was noticed",
}
