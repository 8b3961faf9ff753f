from collections import OrderedDict

registration_answers = OrderedDict(
    zip(
        ["scale", "offset", "head", "branches", "stages", "average", "shift", "gains"],
        [True, False, True, False, True, False, False, False],
    )
)
