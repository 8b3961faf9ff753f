class Answers(dict):
    def __missing__(self, key):
        return False


registration_answers = Answers(
    scale=True, offset=False, head=True, branches=False, stages=True, average=False, shift=False, gains=False
)
