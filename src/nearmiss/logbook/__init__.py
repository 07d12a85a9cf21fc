"""The logbook file: one entry a line, chained, appended and never rewritten."""
