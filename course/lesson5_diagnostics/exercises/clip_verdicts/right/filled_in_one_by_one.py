clip_answers = {}
clip_answers["edit_in_place"] = "none"
clip_answers["return_from_full_hook"] = "earlier layers"
clip_answers["hook_the_parameters"] = "this layer"
for name in ("return_from_pre_hook", "hook_the_output"):
    clip_answers[name] = "this and earlier layers"
