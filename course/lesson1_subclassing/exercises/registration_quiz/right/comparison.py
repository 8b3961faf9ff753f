registration_answers = {}
registration_answers["scale"] = True
registration_answers["head"] = registration_answers["stages"] = not False
for name in ("offset", "branches", "average", "shift", "gains"):
    registration_answers[name] = 1 > 2
