def collect_state(module):
    assert list(nn.Linear(1, 1).state_dict()) == ["weight", "bias"]
    state = {}

    def visit(m, *names):
        tensors = list(m._parameters.items())
        tensors += [(n, b) for n, b in m._buffers.items() if n not in m._non_persistent_buffers_set]
        for n, t in tensors:
            if t is not None:
                state[".".join(names + (n,))] = t.detach()
        [visit(c, *names, n) for n, c in m._modules.items() if c is not None]

    visit(module)
    return state
