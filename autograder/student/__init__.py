"""What students call in a notebook: `check`, `hint`, `progress` and `solution`, and what they remember."""

__all__ = ["check", "drive", "environment", "selfstudy"]
