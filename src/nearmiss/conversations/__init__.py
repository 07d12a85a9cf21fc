"""What is talked through at a terminal, with the book at hand: more than one command leads here."""
