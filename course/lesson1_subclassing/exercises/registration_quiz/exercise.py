"""What each criterion of `registration_quiz` looks at."""

from __future__ import annotations

from typing import Any

from autograder.criteria import Draw, Exercise, Look, NotAttempted

registration_quiz = Exercise(
    "registration_quiz",
    requires="registration_answers",
    title="Which of these does parameters() find?",
    minutes=10,
    difficulty=2,
    hints=[
        (
            "Answer from memory first. Two questions decide every case: is the value a Parameter or a module, and "
            "did the assignment `self.name = value` itself see it?"
        ),
        "`nn.Module.__setattr__` looks at the type of what you assign, once. It does not look inside it.",
        "Is `requires_grad=True` the same thing as being an `nn.Parameter`? And what are buffers for?",
        (
            "Now run it: `m = Mystery()`, then `for name, _ in m.named_parameters(): print(name)`. The part before "
            "the first dot is the attribute."
        ),
    ],
)


ATTRIBUTES = {
    "scale": "`scale`, assigned an nn.Parameter",
    "offset": "`offset`, assigned a plain tensor",
    "head": "`head`, assigned an nn.Linear",
    "branches": "`branches`, assigned a Python list of nn.Linears",
    "stages": "`stages`, assigned an nn.ModuleList",
    "average": "`average`, registered with register_buffer",
    "shift": "`shift`, assigned a tensor with requires_grad=True",
    "gains": "`gains`, assigned a dict of nn.Parameters",
}


def _answer_for(name: str) -> Look:
    def look(answers: Any, draw: Draw) -> Any:
        if not isinstance(answers, dict):
            raise TypeError(f"registration_answers must be a dict of bools, and is a {type(answers).__name__}")
        if name not in dict.keys(answers):
            return "no answer: the dict lacks this name"
        answer = dict.__getitem__(answers, name)
        if answer is None:
            raise NotAttempted(f"{name!r} has no answer yet: replace None with True or False")
        return answer

    return look


for _name, _title in ATTRIBUTES.items():
    registration_quiz.criterion(
        f"{_title}: does `parameters()` yield anything for it?",
        points=0.5,
        because="Ask torch: `[name for name, _ in Mystery().named_parameters()]`.",
    )(_answer_for(_name))
