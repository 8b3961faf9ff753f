from contextlib import ExitStack


@contextmanager
def capture(model, names):
    lookup = {name: module for name, module in model.named_modules()}
    missing = [name for name in names if name not in lookup]
    if missing:
        raise KeyError(f"no such modules: {missing}")
    outputs = {}
    with ExitStack() as stack:
        for name in names:

            def hook(_module, _args, output, name=name):
                with torch.no_grad():
                    outputs[name] = torch.clone(output)

            stack.enter_context(lookup[name].register_forward_hook(hook))
        yield outputs
