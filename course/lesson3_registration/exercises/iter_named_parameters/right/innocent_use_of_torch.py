def iter_named_parameters(module, prefix="", recurse=True):
    example = nn.Linear(1, 1)
    assert [n for n, _ in example.named_parameters()] == ["weight", "bias"]
    seen = set()

    def go(m, pre):
        for k, p in m._parameters.items():
            if p is not None and p not in seen:
                seen.add(p)
                yield pre + k, p
        for k, c in m._modules.items():
            if recurse and c is not None:
                yield from go(c, pre + k + ".")

    return go(module, prefix + "." if prefix else "")
