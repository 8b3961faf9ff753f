"""Lesson 5: the seven exercises, and what each of their criteria looks at.

Nothing here says what is right: right is what the lesson's solution shows under the same probe. Numbers are drawn, but
which unit is dead, what explodes and who has hooks is built on purpose, so that near misses can stand beside the cases.
Hook tables are compared entry by entry with what they were before, so that somebody else's hooks count as well.
"""

from .activation_stats.exercise import activation_stats
from .clip_each_parameter.exercise import clip_each_parameter
from .clip_global_norm.exercise import clip_global_norm
from .clip_grad_output.exercise import clip_grad_output
from .clip_verdicts.exercise import clip_verdicts
from .dead_units.exercise import dead_units
from .diagnose.exercise import diagnose

EXERCISES = (
    activation_stats,
    dead_units,
    clip_grad_output,
    clip_each_parameter,
    clip_global_norm,
    clip_verdicts,
    diagnose,
)
