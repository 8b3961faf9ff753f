registration_answers = dict(
    gains=False, shift=False, average=False, stages=True, branches=False, head=True, offset=False, scale=True
)
