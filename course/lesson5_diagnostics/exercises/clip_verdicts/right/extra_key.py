clip_answers = {"edit_in_place": "none", "return_from_full_hook": "earlier layers", "note": "done"}
clip_answers |= dict.fromkeys(["return_from_pre_hook", "hook_the_output"], "this and earlier layers")
clip_answers["hook_the_parameters"] = "this layer"
