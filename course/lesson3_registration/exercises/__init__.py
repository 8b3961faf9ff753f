"""Lesson 3: the seven exercises, and what each of their criteria looks at.

Nothing here says what is right: right is what the lesson's solution shows under the same probe. Names are drawn, so
that no table of answers fits; objects are told apart by identity and reported in words ("the new Parameter", "the
model's `0.weight`"), so that one wrong idea shows the same however it was written down.
"""

from .collect_state.exercise import collect_state
from .iter_named_parameters.exercise import iter_named_parameters
from .lecture_facts.exercise import lecture_facts
from .mini_module.exercise import mini_module
from .restore_state.exercise import restore_state
from .set_mode.exercise import set_mode
from .where_is.exercise import where_is

EXERCISES = (where_is, mini_module, iter_named_parameters, set_mode, collect_state, restore_state, lecture_facts)
