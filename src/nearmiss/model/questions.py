"""The questions of a report, and the wording of each field: said once for every use."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from nearmiss.text import fold_text

Category = Literal["mobility", "medication", "environment", "behaviour", "personal_care", "other"]
CarePlanStatus = Literal["asked", "changed", "declined"]
Basis = Literal["client_agreed", "best_interests", "direct_care", "safeguarding"]
Audience = Literal["own", "family", "professional"]
CATEGORIES: tuple[Category, ...] = get_args(Category)
CATEGORY_LABELS: dict[str, str] = {
    "mobility": "Moving or falling",
    "medication": "Medicines",
    "environment": "Home hazards",
    "behaviour": "Behaviour or memory",
    "personal_care": "Personal care",
    "other": "Other",
}


@dataclass(frozen=True)
class Question:
    """How one field is asked for and named.

    ``title`` heads the answer wherever a report is shown; ``ask``, ``help`` and ``example``
    serve the questions, the blank form and the guide; ``option`` answers in advance.
    """

    title: str
    ask: str
    help: str
    example: str
    option: str


CLIENT = Question(
    "Client", "Who was it? (initials)", "No full names. Two alike: MB1, MB2.", "MB", "--client"
)
WHEN = Question(
    "Date and time",
    "When did it happen?",
    'When it happened, not when you write. About is fine; so is "not known".',
    "about 8pm",
    "--when",
)
WHERE = Question(
    "Location", "Where?", "The room and the exact spot.", "lounge, by the armchair", "--where"
)
WHAT = Question(
    "What nearly happened",
    "What nearly happened?",
    "Or what danger you noticed. What you saw and heard; if you were told, by whom. "
    "Spelling does not matter. For a medicine: copy name, strength and time from the label.",
    "MB stood up. His foot slid on the rug.",
    "--what",
)
WHAT_HAPPENED = Question(
    "What happened",
    "What happened?",
    "What you saw and heard; if you were told, by whom. Spelling does not matter. "
    "For a medicine: copy name, strength and time from the label.",
    "MB stood up, slid on the rug and fell on his left side.",
    "--what",
)
PREVENTED = Question(
    "How it was prevented",
    "What stopped it?",
    'You, someone else, or luck. Or "not known".',
    "I held his elbow.",
    "--prevented",
)
INJURY = Question(
    "Injury and help",
    "Who was hurt, and how? What help came?",
    'What you saw, and what they said of it. "None seen" is an answer.',
    "MB says his wrist hurts. It is swollen. 111 sent us to A&E.",
    "--injury",
)
ACTION = Question(
    "Immediate action taken",
    "What did you do straight away?",
    "How you checked the person, and what you made safe.",
    'Asked about pain: "none". Moved the rug.',
    "--action",
)
SAFEGUARDING = Question(
    "Safeguarding",
    "Are you worried that someone is harming, neglecting or using this person, "
    "or that they neglect themselves?",
    "No proof is needed. Anyone, family too. Not sure: the same as yes.",
    "Money missing",
    "--safeguarding",
)
INFORMED = Question(
    "Who was informed",
    "Who have you told?",
    "Role (name), how, when. One a line. No answer? Write it all the same. Empty: nobody yet.",
    "daughter (Sue), phone, 8:40pm",
    "--informed",
)
TRIED = Question(
    "Not reached yet",  # who was rung and not reached, or is still to be told
    "Whom did you try, and not reach?",
    "Role (name), how, when. One a line.",
    "GP surgery, phone, 5pm, no answer",
    "--tried",
)
CONCERN_INFORMED = Question(
    "Told of the concern",
    "Who have you told of this worry?",
    "Role (name), how, when. One a line. No answer? Write it all the same. Empty: nobody yet.",
    "adult social care, phone, 9:10pm, reference 4471",
    "--concern-informed",
)
RECOMMENDATIONS = Question(
    "Recommendations",
    "What could stop it happening again?",
    "Your idea; others may decide. Ask before locking doors or changing medicines.",
    "Ask the family about the rug",
    "--recommend",
)
CATEGORY = Question("Kind", "Which kind fits best?", "Nearest is fine.", "mobility", "--category")

# Every answer that a report may hold, by its field, in the order in which they are told.
ANSWERS: dict[str, Question] = {
    "client": CLIENT,
    "occurred_at": WHEN,
    "location": WHERE,
    "what_nearly_happened": WHAT,
    "what_happened": WHAT_HAPPENED,
    "how_prevented": PREVENTED,
    "injury": INJURY,
    "immediate_action": ACTION,
    "safeguarding": SAFEGUARDING,
    "informed": INFORMED,
    "tried": TRIED,
    "concern_informed": CONCERN_INFORMED,
    "recommendations": RECOMMENDATIONS,
    "category": CATEGORY,
}

# The answers that an incident has in place of those of a near miss.
INSTEAD = {"what_nearly_happened": "what_happened", "how_prevented": "injury"}
_WITH_OTHERS = ("tried", "concern_informed")  # these have no question of their own
# The ten questions in the order in which they are asked, by the field that each one fills.
QUESTIONS, INCIDENT_QUESTIONS = (
    {name: each for name, each in ANSWERS.items() if name not in (*others, *_WITH_OTHERS)}
    for others in (INSTEAD.values(), INSTEAD)
)

# The option that says each field of a follow-up in advance.
FOLLOW_UP_OPTIONS = {
    field: f"--{field.replace('_', '-')}"
    for field in (  # noqa: SIM905 - a list literal would take 15 lines
        "note informed told_of tried care_plan care_plan_status harm_found harm_on changed"
        " changed_on undoes agreed_on ends"
    ).split()
} | {
    "next_step": "--next",
    "next_who": "--who",
    "next_due": "--due",
    "next_done": "--done",
    "closes": "--close/--reopen",
}


_NOBODY = frozenset(
    (
        *("nobody", "nobody yet", "nobody else", "nobody more"),
        *("no one", "no one yet", "no one else", "no-one", "no-one yet", "no-one else"),
        *("none", "none yet", "no", "not yet", "n/a", "nil", "-", "–", "—"),
    )
)
_NOTHING = _NOBODY | frozenset(
    (
        *("n", "nope", "nothing", "nothing yet", "nothing else", "nothing more", "nothing to add"),
        *("no harm", "none seen", "none that i know of"),
        *("not that i know", "not that i know of", "not that i'm aware of"),
    )
)


def drop_nobody(names: Iterable[str]) -> list[str]:
    """Return ``names`` without those that say in words that there is nobody."""
    return [each for each in names if _fold(each) not in _NOBODY]


def says_nothing(text: str) -> bool:
    """Whether ``text`` says in words that there is nothing to say."""
    return _fold(text) in _NOTHING


def _fold(text: str) -> str:
    return fold_text(text).replace("’", "'").rstrip(" .")
