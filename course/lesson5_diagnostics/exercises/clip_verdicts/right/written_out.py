ALL, HERE, BEFORE, NOBODY = "this and earlier layers", "this layer", "earlier layers", "none"
clip_answers = {
    "hook_the_output": ALL,
    "hook_the_parameters": HERE,
    "return_from_pre_hook": ALL,
    "return_from_full_hook": BEFORE,
    "edit_in_place": NOBODY,
}
