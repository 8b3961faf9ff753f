def restore_state(module, state, strict=True):
    own = {k: v for k, v in module.state_dict(keep_vars=True).items() if isinstance(v, torch.Tensor)}
    missing = sorted(set(own) - set(state))
    unexpected = sorted(set(state) - set(own))
    if strict:
        problems = [f"missing {k}" for k in missing] + [f"unexpected {k}" for k in unexpected]
        if problems:
            raise RuntimeError("; ".join(problems))

    def prepared(key):
        value, target = state[key], own[key]
        if not torch.is_tensor(value) or value.size() != target.size():
            raise RuntimeError("does not fit: " + key)
        try:
            return torch.zeros_like(target.detach()).copy_(value.detach()).clone()
        except (RuntimeError, NotImplementedError) as error:
            raise RuntimeError("cannot be copied: " + key) from error

    pairs = [(own[key], prepared(key)) for key in own if key in state]
    for target, value in pairs:
        target.detach().copy_(value)
    return missing, unexpected
