clip_answers = dict(
    edit_in_place="none",
    return_from_full_hook="earlier layers",
    return_from_pre_hook="this and earlier layers",
    hook_the_parameters="this layer",
    hook_the_output="this and earlier layers",
)
