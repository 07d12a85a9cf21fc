"""Figures that are measured by hand, never asserted."""
