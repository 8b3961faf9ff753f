_m = Mystery()
_known = set(_m.parameters())


def _yields(value):
    if isinstance(value, torch.Tensor):
        return value in _known
    if isinstance(value, nn.Module):
        return any(p in _known for p in value.parameters())
    values = value.values() if isinstance(value, dict) else value
    return any(_yields(item) for item in values)


registration_answers = {
    name: _yields(getattr(_m, name))
    for name in ("scale", "offset", "head", "branches", "stages", "average", "shift", "gains")
}
