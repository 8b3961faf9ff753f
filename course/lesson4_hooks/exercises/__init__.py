"""Lesson 4: the eight exercises, and what each of their criteria looks at.

Nothing here says what is right: right is what the lesson's solution shows under the same probe. What hooks do is seen
from outside: which of them were called, with what, in which order; what the model then gives and which gradients flow;
and what stands in the hook tables before and afterwards. Other people's hooks are on the models wherever it matters.
"""

from .ablate.exercise import ablate
from .capture.exercise import capture
from .count_hooks.exercise import count_hooks
from .hook_order.exercise import hook_order
from .hookable.exercise import hookable
from .log_shapes.exercise import log_shapes
from .normalize_inputs.exercise import normalize_inputs
from .record_gradients.exercise import record_gradients

EXERCISES = (hook_order, hookable, log_shapes, capture, normalize_inputs, ablate, record_gradients, count_hooks)
