registration_answers = {
    **dict.fromkeys(["offset", "branches", "average", "shift", "gains"], False),
    **dict.fromkeys(["scale", "head", "stages"], True),
}
