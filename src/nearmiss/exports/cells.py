"""What later entries say of a report, as the texts of a table's cells."""

from collections.abc import Iterable

from nearmiss.model.columns import LATER_COLUMNS
from nearmiss.records import words
from nearmiss.records.account import Account, Corrected, FollowedUp, HandedOver

_HANDED = "disclosures"
_NONE = dict.fromkeys(LATER_COLUMNS, "")


def list_columns(account: Account | None) -> tuple[str, ...]:
    """Return the columns of later facts for the reader of an account.

    An empty column of what was handed over would say that nothing was.
    """
    if account is None or account.shows_handing:
        return LATER_COLUMNS
    return tuple(each for each in LATER_COLUMNS if each != _HANDED)


def list_later(account: Account) -> dict[str, str]:
    """Return the later facts of a report by column, several in a cell on a line each."""
    facts = _list_all(account)
    if account.shows_handing:
        return facts
    return {name: text for name, text in facts.items() if name != _HANDED}


def _list_all(account: Account) -> dict[str, str]:
    if not (account.follow_ups or account.corrections or account.disclosures):
        return {**_NONE, "pattern": account.pattern} if account.pattern else _NONE
    closing, step, plan = account.closing, account.next_step, account.care_plan
    return {
        "closed_on": closing.recorded_at[:10] if closing else "",
        "harm_found": _join(
            f"{words.name_harm(account, each)}: {each.harm_found}" for each in account.harm_found
        ),
        "follow_ups": _join(map(_tell_follow_up, account.follow_ups)),
        "care_plan_status": plan.status if plan else "",
        "care_plan_day": plan.day.isoformat() if plan else "",
        "corrections": _join(map(_tell_correction, account.corrections)),
        "next_step": step.text if step else "",
        "next_who": step.who if step else "",
        "next_due": step.due.isoformat() if step and step.due else "",
        "pattern": account.pattern,
        "disclosures": _join(map(_tell_disclosure, account.disclosures)),
    }


def _join(texts: Iterable[str]) -> str:
    return "\n".join(texts)


def _tell_follow_up(entry: FollowedUp) -> str:
    return f"{entry.id}, {words.tell_stamp(entry)}: {' '.join(words.tell_follow_up(entry))}"


def _tell_correction(entry: Corrected) -> str:
    about = f"{entry.id} of {entry.about}, {words.tell_stamp(entry)}"
    return f"{about}: {'; '.join(words.tell_changes(entry))}"


def _tell_disclosure(entry: HandedOver) -> str:
    told = words.tell_handed_over(entry).replace("\n", " ")
    return f"{entry.id}, {words.tell_stamp(entry)}: {told}"
