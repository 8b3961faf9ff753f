"""An invented class: students who are right, mistaken or careless, and some who attack the grader."""

from autograder.demo.students import pretend_class

__all__ = ["pretend_class"]
