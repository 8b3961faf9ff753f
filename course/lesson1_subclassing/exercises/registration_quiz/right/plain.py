registration_answers = {
    "scale": True,
    "offset": False,
    "head": True,
    "branches": False,
    "stages": True,
    "average": False,
    "shift": False,
    "gains": False,
}
