"""What a lesson is: where its folder lies, its exercises and their criteria, and the words it speaks in.

Knows neither torch nor Jupyter; every other room builds upon it.
"""

from autograder.lesson.exercise import Criterion, Exercise, Look, NotAttempted
from autograder.lesson.files import write_whole
from autograder.lesson.language import (
    CHOSEN,
    COMPILED,
    ENGLISH,
    FOLDER,
    NoSuchLanguage,
    compiled,
    counted,
    forget,
    noted,
    own_words,
    said,
    speak,
    spoken,
    word_files,
)
from autograder.lesson.lesson import Lesson, LessonNotFound, all_lessons, find_lesson, lesson_of, lesson_roots

__all__ = [
    "CHOSEN", "COMPILED", "ENGLISH", "FOLDER", "Criterion", "Exercise", "Lesson", "LessonNotFound", "Look",
    "NoSuchLanguage", "NotAttempted", "all_lessons", "compiled", "counted", "find_lesson", "forget", "lesson_of",
    "lesson_roots", "noted", "own_words", "said", "speak", "spoken", "word_files", "write_whole",
]  # fmt: skip
