"""Templates of all words for students, and their translations, kept up to date and checked."""

__all__ = ["translate"]
