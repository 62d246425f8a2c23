"""Notebooks of a lab: made for its student, and collected again from what was run in one."""
