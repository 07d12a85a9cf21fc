"""Dates and times: as carers type them, as they are shown, as they are stored."""
