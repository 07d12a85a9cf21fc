"""Words by which there may be a worry: found where a carer would ask, not where none would."""

import pytest

from nearmiss.intake.worry import find_named_worry, find_worry

MAY_BE = """
I am worried her son takes her money             | worried her son
Unexplained bruise on the left arm               | Unexplained bruise
Finger marks on her upper arm                    | Finger marks
Her purse was gone again                         | purse was gone
£1,200 missing from the drawer                   | £1,200 missing
Nephew borrowed her bank card and has the PIN    | Nephew borrowed her bank card
She said please don't tell my son                | don't tell my
Son shouted at her                               | Son shouted at her
Found lying in a soiled bed. Pad not been changed all day | not been changed all
Nothing to eat in the house                      | Nothing to eat
He was slapped by another resident's son         | slapped by another resident's son
Locked in her room when I came                   | Locked in her room
Scared of her husband                            | Scared of her husband
SG alert raised                                  | SG alert
Her new boyfriend pushed him over                | boyfriend pushed him over
Said he was from the council and asked for cash  | said he was from the council
"""
PLAIN = """
Daughter hit her head on the cupboard
No safeguarding concerns
No unexplained bruises
Safeguarding no
Husband grabbed her before she fell
Left the pan on the gas
I told her daughter to tell the GP
MB shouted at staff
Slipped on the wet floor
I was worried so rang the daughter
Worried she might fall
Wheelchair brakes not locked
Held her arm and sat her down
Took her purse to the shop for bread
Her son took her to hospital
Staff shook the mat
Daughter pushed the wheelchair over the kerb
Not allowed time for her to stand
"""


@pytest.mark.parametrize("line", MAY_BE.strip().splitlines())
def test_words_that_may_tell_of_a_worry_are_quoted(line: str) -> None:
    text, _, found = line.rpartition("|")
    assert find_worry(f"Slid. {text.strip()}").casefold() == found.strip().casefold()


def test_a_sum_of_any_length_moves_no_words() -> None:
    assert find_worry("£5 gone from her purse") == "£5 gone"
    assert find_worry("£5 " * 6 + "found. Her son hits her") == "son hits her"


def test_plain_words_are_no_worry() -> None:
    found = {each: find_worry(each) for each in PLAIN.strip().splitlines()}
    assert found == dict.fromkeys(found, "")


def test_what_is_looked_for_in_very_many_rows_is_looked_for_in_few_too() -> None:
    for text in ("No safeguarding concerns", "no abuse seen", "a DSLR camera fell"):
        assert not find_named_worry(text)
    for text in ("A safeguarding alert", "told the DSL", "S/G referral", "it is neglect"):
        assert find_named_worry(text)
        assert find_worry(text)
