"""Builds what is generated from a lesson's texts: notebooks, golden observations, the table of contents."""

__all__ = ["build", "lint", "new_mistake"]
