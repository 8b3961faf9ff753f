clip_answers = {
    "edit_in_place": "None",
    "return_from_full_hook": "Earlier layers",
    "return_from_pre_hook": "This and earlier layers",
    "hook_the_parameters": "This layer ",
    "hook_the_output": "this and earlier layers",
}
