"""Python source as text: parsed, its comments read, which cells have side effects, which definitions an answer needs.

Nothing here runs the code that it reads.
"""

from autograder.source.comments import BadTranslation, Say, asked, code_said, paragraph
from autograder.source.parsing import defines, definitions, functions_and_classes, parsed, syntax_error, written_module
from autograder.source.side_effects import bound_names, has_side_effects, stored_names
from autograder.source.slicing import slice_definitions

__all__ = [
    "BadTranslation", "Say", "asked", "bound_names", "code_said", "defines", "definitions", "functions_and_classes",
    "has_side_effects", "paragraph", "parsed", "slice_definitions", "stored_names", "syntax_error",
    "written_module",
]  # fmt: skip
