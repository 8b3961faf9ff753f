from collections import OrderedDict

clip_answers = OrderedDict(
    [
        ("hook_the_output", "this and earlier layers"),
        ("hook_the_parameters", "this layer"),
        ("return_from_pre_hook", "this and earlier layers"),
        ("return_from_full_hook", "earlier layers"),
        ("edit_in_place", "none"),
    ]
)
