"""nearmiss: a near-miss logbook for carers, kept in the terminal."""

__version__ = "0.1.0"
