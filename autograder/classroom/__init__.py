"""Grades a whole class into the gradebook, or notebook files that lie anywhere."""

from autograder.classroom.grading import ClassResult, grade_class
from autograder.classroom.loose_files import AHEAD, check_files
from autograder.classroom.ungraded import ungraded

__all__ = ["AHEAD", "ClassResult", "check_files", "grade_class", "ungraded"]
