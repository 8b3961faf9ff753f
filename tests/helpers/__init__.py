"""What tests of several rooms work with: small lessons, courses, bare Pythons, pages in a browser."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The repository."""
COURSE = ROOT / "course"
