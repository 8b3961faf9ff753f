_found = {name.split(".")[0] for name, _ in Mystery().named_parameters()}
registration_answers = {
    name: name in _found for name in ("scale", "offset", "head", "branches", "stages", "average", "shift", "gains")
}
