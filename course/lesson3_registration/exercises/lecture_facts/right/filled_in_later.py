lecture_answers = dict.fromkeys(
    [
        "super_forms",
        "ordered_dict",
        "layers_are_parameters",
        "own_table",
        "plain_attribute_too",
        "register_parameter",
        "only_learnable",
        "parameters_drop_names",
        "gradient_needs_registration",
        "zero_grad_last",
    ]
)
for _key in lecture_answers:
    lecture_answers[_key] = _key in ("super_forms", "register_parameter", "parameters_drop_names", "zero_grad_last")
