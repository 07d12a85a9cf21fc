"""Intake: typed text, JSON and CSV become the fields of a report, every fault named."""
