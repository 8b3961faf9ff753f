import re


def freeze(model, prefix):
    pattern = re.compile(rf"{re.escape(prefix)}(\..+)?" if prefix else ".*")
    names = [name for name, _ in model.named_parameters() if pattern.fullmatch(name)]
    if len(names) == 0:
        raise ValueError(f"{prefix=}")
    for name in names:
        owner, _, last = name.rpartition(".")
        setattr(getattr(model.get_submodule(owner), last), "requires_grad", False)
    return names
