class Answers(dict):
    def __getitem__(self, key):
        raise RuntimeError("read me with dict.__getitem__")


lecture_answers = Answers(
    super_forms=True,
    ordered_dict=False,
    layers_are_parameters=False,
    own_table=False,
    plain_attribute_too=False,
    register_parameter=True,
    only_learnable=False,
    parameters_drop_names=True,
    gradient_needs_registration=False,
    zero_grad_last=True,
)
