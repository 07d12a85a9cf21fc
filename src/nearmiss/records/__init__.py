"""Records: what each report is now, which are meant, and how they are put for every reader."""
