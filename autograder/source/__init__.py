"""Python source as text: parsed, its comments read, which cells have side effects, which definitions an answer needs.

Nothing here runs the code that it reads.
"""

from autograder.source.comments import BadTranslation, Say, asked, code_said, paragraph
from autograder.source.parsing import defines, definitions, functions_and_classes, parsed, syntax_error, written_module
from autograder.source.side_effects import bound_names, stored_names, tame
from autograder.source.slicing import needed

__all__ = [
    "BadTranslation", "Say", "asked", "bound_names", "code_said", "defines", "definitions", "functions_and_classes",
    "needed", "paragraph", "parsed", "stored_names", "syntax_error", "tame", "written_module",
]  # fmt: skip
