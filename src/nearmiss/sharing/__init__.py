"""Handing records over: request, select, consent, make, deliver, note."""
