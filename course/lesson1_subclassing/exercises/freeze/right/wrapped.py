import functools


def nonempty(function):
    @functools.wraps(function)
    def checked(*args, **kwargs):
        names = function(*args, **kwargs)
        if not names:
            raise ValueError("nothing matched")
        return names

    return checked


@nonempty
def freeze(model, prefix):
    starts = (f"{prefix}.",) if prefix else ("",)
    return [
        name
        for name, parameter in model.named_parameters()
        if (name == prefix or name.startswith(starts)) and parameter.requires_grad_(False) is not None
    ]
