_mystery = Mystery()
registration_answers = {
    name: isinstance(getattr(_mystery, name), (nn.Parameter, nn.Module))
    for name in ["scale", "offset", "head", "branches", "stages", "average", "shift", "gains"]
}
registration_answers["note"] = "what is assigned decides"
