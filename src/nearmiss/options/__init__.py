"""The options that commands share, as typed sets; completion; and how a command is made of both."""
