"""What the carer is told before something leaves: what is hidden, and what may show it."""

from collections.abc import Sequence

from nearmiss.documents.audience import find_shown
from nearmiss.records.account import Account
from nearmiss.records.damage import describe_damage
from nearmiss.sharing.request import Request
from nearmiss.sharing.select import Chosen
from nearmiss.speech import join_words, say
from nearmiss.text import fold_text

_NAMED = 9  # places where a hidden name stands that are spelled out


def tell_cautions(
    request: Request, chosen: Chosen, records: Sequence[Account], recipient: str
) -> None:
    """Say what is left out, what is in it, and where a hidden name stands in shown words.

    The name of the ``recipient`` is hidden from nobody who reads it.
    """
    if chosen.unreadable:
        say(f"{describe_damage(chosen.unreadable)} To see what is wrong: nearmiss verify")
    left_out = chosen.hidden.left_out
    if left_out:
        noun = "worry" if left_out == 1 else "worries"
        say(f"Left out: {left_out} safeguarding {noun}. The paper does not say so.")
    if chosen.worries and request.reader.audience != "own":
        say(f"In it are safeguarding worries: {join_words(list(chosen.worries))}.")
    if request.reader.audience == "own":
        return
    own = set(fold_text(recipient).split())
    found = [
        (report_id, word)
        for report_id, word in find_shown(chosen.hidden, records, chosen.clients)
        if fold_text(word) not in own
    ]
    for report_id, word in found[:_NAMED]:
        say(f'Please look at {report_id}: its own words say "{word}". They are shown as written.')
    if len(found) > _NAMED:
        say(f"And {len(found) - _NAMED} more such places.")
