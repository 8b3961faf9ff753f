_keys = (
    "super_forms ordered_dict layers_are_parameters own_table plain_attribute_too register_parameter "
    "only_learnable parameters_drop_names gradient_needs_registration zero_grad_last"
).split()
lecture_answers = {key: bit == "1" for key, bit in zip(_keys, "1000010101")}
