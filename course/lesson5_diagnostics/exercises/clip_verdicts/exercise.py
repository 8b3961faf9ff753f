"""What each criterion of `clip_verdicts` looks at."""

from __future__ import annotations

from typing import Any

from autograder.criteria import Draw, Exercise, Look, NotAttempted, is_a

clip_verdicts = Exercise(
    "clip_verdicts",
    requires="clip_answers",
    title="Which gradients does it change?",
    minutes=20,
    difficulty=3,
    hints=[
        (
            "Say what you expect before you run anything. In the backward pass the gradient enters a layer, makes the "
            "gradients of its weights, and goes on to the earlier layers. At which of these points does the hook stand?"
        ),
        (
            "A hook that returns something puts it in the place of what it was given, for whoever comes next. Who "
            "comes next after a pre-hook, after a full hook, after a hook on a Parameter?"
        ),
        (
            "Now measure: `gradients_with()` are the gradients as they are, `gradients_with(edit_in_place)` those with "
            "a snippet. Compare them name by name; `second` is this layer, `first` the earlier one."
        ),
    ],
)


SNIPPET_TITLES = {
    "edit_in_place": "The lecture's hook, which overwrites grad_output in a full backward hook",
    "return_from_full_hook": "A full backward hook that returns a new grad_input",
    "return_from_pre_hook": "A full backward pre-hook that returns a new grad_output",
    "hook_the_parameters": "A hook on each Parameter of the layer that returns a new gradient",
    "hook_the_output": "A hook on the tensor that comes out of the layer",
}


VERDICTS = ("none", "this layer", "earlier layers", "this and earlier layers")


def _verdict_on(key: str) -> Look:
    def look(answers: Any, draw: Draw) -> Any:
        if not isinstance(answers, dict):
            raise TypeError(f"clip_answers must be a dict of texts, and is a {type(answers).__name__}")
        if key not in dict.keys(answers):
            return "no answer: the dict lacks this key"
        answer = dict.__getitem__(answers, key)
        if answer is None:
            raise NotAttempted(f"{key!r} has no answer yet: replace None with one of the four texts")
        text = str.__str__(answer).strip().lower() if is_a(answer, str) else answer
        return text if text in VERDICTS else f"none of the four texts, but {answer!r}"[:200]

    return look


for _key, _title in SNIPPET_TITLES.items():
    clip_verdicts.criterion(
        f"{_title}: whose gradients does it change?",
        because=f"Compare `gradients_with()` with `gradients_with({_key})`.",
    )(_verdict_on(_key))
