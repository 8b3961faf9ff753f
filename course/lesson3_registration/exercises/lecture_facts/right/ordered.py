from collections import OrderedDict

lecture_answers = OrderedDict(
    zip(
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
        ],
        [True, False, False, False, False, True, False, True, False, True],
    )
)
