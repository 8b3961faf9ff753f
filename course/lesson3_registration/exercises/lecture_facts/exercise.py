"""What each criterion of `lecture_facts` looks at."""

from __future__ import annotations

from typing import Any

from autograder.criteria import Draw, Exercise, Look, NotAttempted

lecture_facts = Exercise(
    "lecture_facts",
    requires="lecture_answers",
    title="Ten statements from a lecture, put to the test",
    minutes=20,
    difficulty=2,
    hints=[
        "Say first what you believe, then run the experiment beside the statement. It prints what decides; you judge.",
        (
            "Read each statement to its end: 'own', 'also', 'only' and 'exactly' are what makes some of them false. "
            "Does the printed line bear out that very word?"
        ),
        (
            "Not sure what a line shows? Change the experiment: another layer, another attribute, one more line "
            "printed. Nothing can break, and torch answers every time."
        ),
    ],
)


STATEMENTS = {
    "super_forms": "`super().__init__()` and `super(Net, self).__init__()` do the same",
    "ordered_dict": "`_parameters` is an OrderedDict",
    "layers_are_parameters": "Layers that learn are subclasses of nn.Parameter",
    "own_table": "A layer's weights stand in the network's own `_parameters`",
    "plain_attribute_too": "What is registered stands in `__dict__` as well",
    "register_parameter": "`register_parameter` leaves a module as an assignment does",
    "only_learnable": "A module with nothing to learn is not registered",
    "parameters_drop_names": "`parameters()` is `named_parameters()` without the names",
    "gradient_needs_registration": "`backward()` gives gradients to registered parameters only",
    "zero_grad_last": "`zero_grad()` at the end of a step trains as at its start",
}


def _answer_for(key: str) -> Look:
    def look(answers: Any, draw: Draw) -> Any:
        if not isinstance(answers, dict):
            raise TypeError(f"lecture_answers must be a dict of bools, and is a {type(answers).__name__}")
        if key not in dict.keys(answers):
            return "no answer: the dict lacks this key"
        answer = dict.__getitem__(answers, key)
        if answer is None:
            raise NotAttempted(f"{key!r} has no answer yet: replace None with True or False")
        return answer

    return look


for _key, _statement in STATEMENTS.items():
    lecture_facts.criterion(
        f"{_statement}: is that so?",
        points=0.5,
        because=f"Run the experiment for `{_key}` once more, and read what it prints.",
    )(_answer_for(_key))
