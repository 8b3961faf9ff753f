_holds = ["super_forms", "register_parameter", "parameters_drop_names", "zero_grad_last"]
_fails = [
    "ordered_dict",
    "layers_are_parameters",
    "own_table",
    "plain_attribute_too",
    "only_learnable",
    "gradient_needs_registration",
]
lecture_answers = {**dict.fromkeys(_holds, True), **dict.fromkeys(_fails, False), "remark": "run it"}
