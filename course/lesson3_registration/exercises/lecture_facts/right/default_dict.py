from collections import defaultdict

lecture_answers = defaultdict(bool)
for key in ("super_forms", "register_parameter", "parameters_drop_names", "zero_grad_last"):
    lecture_answers[key] = True
for key in (
    "ordered_dict",
    "layers_are_parameters",
    "own_table",
    "plain_attribute_too",
    "only_learnable",
    "gradient_needs_registration",
):
    lecture_answers[key]
