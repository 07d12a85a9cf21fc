"""The entries of a logbook, and the wording of their fields."""
