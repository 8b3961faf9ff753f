_names = " ".join(" " + name for name, _ in Mystery().named_parameters())
registration_answers = {
    name: (f" {name}." in _names + " ") or (f" {name} " in _names + " ")
    for name in ["scale", "offset", "head", "branches", "stages", "average", "shift", "gains"]
}
