"""What many reports show together: figures, likeness and patterns, as pure functions."""
