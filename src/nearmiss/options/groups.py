"""The headings under which help shows the options that commands share."""

WHICH = "Which reports"
ANSWERS = "The answers"
SINCE = "What came after"
MAKE = "What to make"
WHO = "Who reads it"
PAPER = "On the paper"
FILE = "The file"
GROUPS = (WHICH, MAKE, ANSWERS, SINCE, WHO, PAPER, FILE)  # in the order in which help shows them
