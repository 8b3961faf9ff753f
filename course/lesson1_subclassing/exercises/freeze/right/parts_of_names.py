def freeze(model, prefix):
    wanted = prefix.split(".") if prefix else []
    found = [(n, p) for n, p in model.named_parameters() if n.split(".")[: len(wanted)] == wanted]
    if found:
        for _, p in found:
            p.requires_grad_(False)
        return [n for n, _ in found]
    raise ValueError("No parameter has the prefix " + repr(prefix))
