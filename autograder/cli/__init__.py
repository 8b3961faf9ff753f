"""The command line: its commands, what it prints, and how it says what is in the way."""
