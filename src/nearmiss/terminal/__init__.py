"""The terminal: questions and choices as they are typed, lists and figures as they are shown."""
