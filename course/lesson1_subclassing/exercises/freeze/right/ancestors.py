def freeze(model, prefix):
    def ancestors(name):
        yield name
        while "." in name:
            name = name.rpartition(".")[0]
            yield name
        yield ""

    found = [(n, p) for n, p in model.named_parameters() if prefix in ancestors(n)]
    if not found:
        raise ValueError(prefix)
    return [p.requires_grad_(False) is p and n for n, p in found]
