lecture_answers = dict(
    zero_grad_last=True,
    gradient_needs_registration=False,
    parameters_drop_names=True,
    only_learnable=False,
    register_parameter=True,
    plain_attribute_too=False,
    own_table=False,
    layers_are_parameters=False,
    ordered_dict=False,
    super_forms=True,
)
