def restore_state(module, state, strict=True):
    targets, problems = {}, []
    stack = [("", module)]
    while stack:
        prefix, m = stack.pop()
        for table in (m._parameters, m._buffers):
            for k, t in table.items():
                if t is not None and not (table is m._buffers and k in m._non_persistent_buffers_set):
                    targets[prefix + k] = t
        stack += [(prefix + k + ".", c) for k, c in m._modules.items() if c is not None]
    missing = list(set(targets).difference(state))
    unexpected = list(set(state).difference(targets))
    if strict:
        problems += [f"missing key {k}" for k in missing] + [f"unexpected key {k}" for k in unexpected]
    staged = []
    for k in set(targets).intersection(state):
        t, v = targets[k], state[k]
        if not isinstance(v, torch.Tensor):
            problems.append(f"{k}: no tensor")
        elif v.shape != t.shape:
            problems.append(f"{k}: wrong shape")
        else:
            try:
                new = torch.empty(t.shape, dtype=t.dtype, device=t.device)
                new.copy_(v.detach())
                staged.append((t, new))
            except Exception as e:
                problems.append(f"{k}: {e}")
    if problems:
        raise RuntimeError("; ".join(problems))
    with torch.no_grad():
        [t.copy_(new) for t, new in staged]
    return missing, unexpected
