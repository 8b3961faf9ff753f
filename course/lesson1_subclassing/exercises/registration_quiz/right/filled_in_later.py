registration_answers = {
    "scale": None,
    "offset": None,
    "head": None,
    "branches": None,
    "stages": None,
    "average": None,
    "shift": None,
    "gains": None,
}
for _name in registration_answers:
    registration_answers[_name] = False
registration_answers.update(scale=True, head=True, stages=True)
