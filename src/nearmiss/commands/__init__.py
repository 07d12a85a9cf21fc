"""The commands, by what they are for; the desk leads to them all."""
