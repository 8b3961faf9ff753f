"""Lesson 2: the seven exercises, and what each of their criteria looks at.

Nothing here says what is right: right is what the lesson's solution shows under the same probe. Training is looked at
exactly, not statistically: a few steps of tiny models from known numbers, after which every weight is compared. The
criteria go from the cause to its consequences; models without batch norm and dropout are used wherever the mode is not
the question, so that a forgotten `train()` or `eval()` shows in one place.
"""

from .confusion_matrix.exercise import confusion_matrix
from .conv_output_size.exercise import conv_output_size
from .evaluate.exercise import evaluate
from .fit.exercise import fit
from .mnist_net.exercise import mnist_net
from .sequential_twin.exercise import sequential_twin
from .train_step.exercise import train_step

EXERCISES = (conv_output_size, mnist_net, train_step, evaluate, fit, confusion_matrix, sequential_twin)
