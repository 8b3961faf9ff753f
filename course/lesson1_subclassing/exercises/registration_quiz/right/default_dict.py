from collections import defaultdict

registration_answers = defaultdict(bool, scale=True, head=True, stages=True)
for _name in ("offset", "branches", "average", "shift", "gains"):
    registration_answers[_name]
