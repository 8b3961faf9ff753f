"""The instructor's report on a lesson: one HTML page that stands alone, and a table as CSV."""

from autograder.report.facts import Graded, class_facts
from autograder.report.page import write_report

__all__ = ["Graded", "class_facts", "write_report"]
