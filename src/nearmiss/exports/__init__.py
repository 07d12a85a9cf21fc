"""Reports as data for other programs: one file a format, and one row of an explicit list."""
