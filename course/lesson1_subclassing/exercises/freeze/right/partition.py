def freeze(model, prefix):
    def covered(name):
        head, found, rest = name.partition(prefix)
        return head == "" and (prefix == "" or rest == "" or rest.startswith("."))

    try:
        covered("x")
    except ValueError:  # an empty separator
        covered = lambda name: True
    found = {n: p for n, p in model.named_parameters() if covered(n)}
    if not found:
        raise ValueError(f"no parameter {prefix!r} in {type(model).__name__}")
    for p in found.values():
        p.requires_grad = False
    return list(found.keys())
