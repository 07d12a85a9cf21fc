"""How things look on a screen: with Rich at a terminal, plain text elsewhere."""
