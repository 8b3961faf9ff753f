def restore_state(module, state, strict=True):
    own = {k: t for k, t in module.state_dict(keep_vars=True).items() if isinstance(t, torch.Tensor)}
    missing, unexpected = [], []
    for k in dict.fromkeys([*own, *state]):
        (missing if k in own and k not in state else unexpected if k not in own else []).append(k)
    if (missing or unexpected) and strict is True:
        raise RuntimeError(repr({"missing": missing, "unexpected": unexpected}))
    numbers = {}
    for k in own:
        if k not in state:
            continue
        if not torch.is_tensor(state[k]) or state[k].shape != own[k].shape:
            raise RuntimeError("cannot use " + k)
        try:
            numbers[k] = torch.tensor(state[k].tolist(), dtype=own[k].dtype)
        except Exception as error:
            raise RuntimeError("cannot read " + k) from error
    with torch.no_grad():
        for k in numbers:
            own[k].copy_(numbers[k])
    return missing, unexpected
