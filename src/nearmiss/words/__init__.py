"""The words of the gate and of the advice."""


def gate_question() -> tuple[str, str]:
    """Return the question of the gate and its help."""
    return (
        "Was anyone hurt, or might they be? y / n / u",
        "Answer y if they fell to the floor, hit their head, took a wrong medicine, missed one, "
        "or are missing.",
    )


def gate_no() -> str:
    """Return what is said where nobody was hurt."""
    return "Good. 'Nothing happened' is still worth writing down."


def gate_help(country: str) -> list[str]:
    """Return what to do where somebody is hurt, or may be."""
    del country
    return ["Help first. The record can wait."]


def gate_go_on() -> str:
    """Return the question whether to go on after that."""
    return "Is there a near miss to write down now? y / n"


def nobody_told_lines(country: str) -> list[str]:
    """Return who could be told."""
    del country
    return ["When in doubt, escalate. Observation is your role. Diagnosis is not."]


def safeguarding_lines(country: str) -> list[str]:
    """Return what to do about a safeguarding worry."""
    del country
    return ["Danger now: ring the emergency number. Otherwise ring adult social care today."]


def telephone_words() -> str:
    """Return how to say it on the telephone."""
    return (
        "I am {client}'s carer. At {when}: {what} "
        "Nobody was hurt that I could see. I am asking for..."
    )
