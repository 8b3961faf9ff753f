"""Brings a notebook that somebody has begun up to a new version of its lesson, and keeps all that they wrote."""

from autograder.update.update import NotUpdated, Update, update

__all__ = ["NotUpdated", "Update", "update"]
