from contextlib import contextmanager


@contextmanager
def eval_mode(model):
    modes = [m.training for m in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for m, t in zip(model.modules(), modes):
            m.training = t


@contextmanager
def hooked(model, kind, make):
    handles = [m.register_forward_hook(make(n)) for n, m in model.named_modules() if isinstance(m, kind)]
    try:
        yield
    finally:
        for h in handles:
            h.remove()


def dead_units(model, loader):
    never = {}

    def make(name):
        def hook(m, a, o):
            flat = o.movedim(1, -1).reshape(-1, o.shape[1])
            silent = ~(flat > 0).any(dim=0)
            if name in never:
                if never[name].shape != silent.shape:
                    raise ValueError(f"'{name}' changes its number of units")
                silent = silent & never[name]
            never[name] = silent

        return hook

    seen_any = False
    with eval_mode(model), hooked(model, nn.ReLU, make):
        for batch in loader:
            seen_any = True
            model(batch[0])
    if not seen_any:
        raise ValueError("no data")
    return never
