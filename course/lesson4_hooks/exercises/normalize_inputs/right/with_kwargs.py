def normalize_inputs(model, mean, std):
    if not std:
        raise ValueError(f"std must not be {std}")

    def hook(module, args, kwargs):
        first, *rest = args
        return (torch.div(torch.sub(first, mean), std), *rest), kwargs

    return model.register_forward_pre_hook(hook, with_kwargs=True)
