lecture_answers = {
    "super_forms": not False,
    "ordered_dict": not True,
    "layers_are_parameters": not True,
    "own_table": 1 > 2,
    "plain_attribute_too": 1 > 2,
    "register_parameter": 2 > 1,
    "only_learnable": 1 > 2,
    "parameters_drop_names": 2 > 1,
    "gradient_needs_registration": not not False,
    "zero_grad_last": bool("yes"),
}
