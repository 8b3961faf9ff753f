import enum


class Kind(str, enum.Enum):
    PARAMETER = "parameter"
    BUFFER = "buffer"
    MODULE = "module"
    ATTRIBUTE = "attribute"
    MISSING = "missing"


def where_is(module, name):
    *steps, leaf = name.split(".")
    for step in steps:
        module = module._modules.get(step)
        if module is None:
            return Kind.MISSING.value
    for kind, names in zip(Kind, (module._parameters, module._buffers, module._modules)):
        if leaf in names:
            return kind.value
    return (Kind.ATTRIBUTE if hasattr(module, leaf) else Kind.MISSING).value
