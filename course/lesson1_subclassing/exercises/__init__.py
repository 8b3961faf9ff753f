"""Lesson 1: the seven exercises, and what each of their criteria looks at.

Nothing here says what is right: right is what the lesson's solution shows under the same probe. The criteria are cut
so that one wrong idea shows in one place, and shows the same however it was written down: they report facts (held as
a parameter, as a plain tensor, not at all) where they can, and they give known values also to tensors that are not
registered, so that a registration mistake does not look like a wrong forward pass.
"""

from .affine.exercise import affine
from .count_parameters.exercise import count_parameters
from .freeze.exercise import freeze
from .mlp.exercise import mlp
from .registration_quiz.exercise import registration_quiz
from .residual.exercise import residual
from .running_center.exercise import running_center

EXERCISES = (affine, mlp, residual, running_center, count_parameters, freeze, registration_quiz)
