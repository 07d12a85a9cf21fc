"""A book in which every field of every kind of entry has a word of its own."""

from datetime import timedelta

from nearmiss.insight.cases import Verdicts, read_verdicts
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import (
    ComparisonFields,
    Content,
    CorrectionFields,
    DisclosureFields,
    FollowUpFields,
    IncidentFields,
)
from nearmiss.records.read import read_newest, read_records_in_order
from nearmiss.records.record import Record
from tests.conftest import NOW, make_report

MARIA, TOM = "Maria Ortiz, carer", "Tomasz, nights"
SEAL = "8K2M-Q7XR-ZZ3A-01TB"


def write_rich_book(book: Logbook, *, safeguarding: bool = False) -> str:
    """Write the book; return the id of the report about which there is everything to tell."""
    moment = NOW

    def add(*content: Content, by: str = MARIA) -> tuple[str, ...]:
        nonlocal moment
        moment += timedelta(hours=26)
        return tuple(book.append(list(content), by, moment).ids)

    alike = [
        make_report(
            what_nearly_happened=f"Wobbled once, {n}", occurred_at=f"2026-04-0{n}T09:00:00Z"
        )
        for n in (1, 2)
    ]
    report = make_report(
        occurred_approx=True,
        location="OLDPLACE",
        what_nearly_happened="WHATWORD he slid",
        how_prevented="HOWWORD held him",
        immediate_action="ACTWORD sat him down",
        informed=["GP (Oakley), phone"],
        tried=["nurse (Petra), TRIEDWORD"],
        recommendations=["IDEAWORD a rail", "IDEATWO a mat"],
        safeguarding=safeguarding,
        concern_informed=["social worker (Wanda)"] if safeguarding else None,
    )
    others = add(*alike)
    origin = {
        "origin_id": "P3ZZ-0007",
        "origin_recorded_at": moment.isoformat(),
        "origin_recorded_by": MARIA,
        "origin_seal": "0" * 64,
    }
    claimed = [(report, {**origin, "claims": ["written CLAIMDAY by CLAIMNAME"]})]
    (about,) = book.append_made(lambda first: claimed, MARIA, moment).ids
    first = add(
        FollowUpFields(
            about=about,
            note="OLDNOTE",
            informed=["daughter (Zelda), text"],
            care_plan="PLANWORD two carers",
            care_plan_status="changed",
            tried=["son, TRIEDTWO"],
            harm_found="HARMWORD a bruise",
            harm_on="2026-04-15",
            changed="CHANGEWORD rug gone",
            changed_on="2026-04-16",
            next_step="STEPONE ring them",
            next_who="son (Quentin)",
            next_due="2026-05-08",
            agreed_on="2026-04-13",
        ),
        by=TOM,
    )[0]
    add(CorrectionFields(about=first, changes={"note": "NOTEWORD"}, reason="WHYNOTE"))
    add(CorrectionFields(about=about, changes={"location": "NEWPLACE"}, reason="WHYPLACE"))
    add(
        FollowUpFields(
            about=about, next_done=True, ends=first, next_step="STEPTWO ask", next_who="OT (Ines)"
        )
    )
    told = FollowUpFields(about=about, informed=["physio (Amina)"], told_of=["event", first])
    add(
        told,
        FollowUpFields(about=about, undoes=first, changed_on="2026-04-20"),
        FollowUpFields(about=about, changed="CHANGETWO a mat"),
    )
    wrong = add(FollowUpFields(about=about, harm_found="WRONGHARM", note="WRONGNOTE"))[0]
    add(CorrectionFields(about=wrong, withdraws=True, reason="WHYWRONG"))
    add(FollowUpFields(about=about, note="ENDWORD", closes=True))
    add(FollowUpFields(about=about, next_step="STEPLAST look", next_who="Ivo next door"), by=TOM)
    handed, gone = (
        DisclosureFields(
            audience="professional",
            recipient=recipient,
            basis="direct_care",
            decided_by="DECIDER",
            form="handover, pdf",
            reports=[about],
            sha256="0" * 64,
            seal_shown=SEAL,
        )
        for recipient in ("Dr Pym", "Dr Lost")
    )
    add(handed)
    add(CorrectionFields(about=add(gone)[0], withdraws=True, reason="WHYLOST"))
    ties = [ComparisonFields(about=about, other=each, same_hazard=True) for each in others]
    add(
        *ties, ComparisonFields(about=about, other=others[0], same_hazard=True, hazard="slid again")
    )
    return about


def make_incident() -> IncidentFields:
    """Return an incident in which every answer has a word of its own."""
    return IncidentFields(
        client="MB",
        occurred_at="2026-04-14T12:00:00+01:00",
        occurred_approx=True,
        hour_not_known=True,
        noticed=True,
        location="HALLWORD",
        what_happened="FELLWORD on his side",
        injury="HURTWORD a swollen wrist",
        immediate_action="ACTWORD rang 111",
        safeguarding=True,
        informed=["GP (Oakley)"],
        tried=["son, TRIEDWORD"],
        concern_informed=["social worker (Wanda)"],
        recommendations=["IDEAWORD a rail"],
        category="mobility",
    )


def read_rich_book(book: Logbook) -> tuple[list[Record], Verdicts]:
    """Return the records in the order written, and the carer's verdicts on them."""
    records = list(read_records_in_order(book, lambda unreadable: None))
    newest, comparisons = read_newest(book, lambda unreadable: None)
    return records, read_verdicts(comparisons, [each.current for each in newest])
