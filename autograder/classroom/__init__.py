"""Grades a whole class into the gradebook, or notebook files that lie anywhere."""

__all__ = ["grading", "loose_files", "ungraded"]
