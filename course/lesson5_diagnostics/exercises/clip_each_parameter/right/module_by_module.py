from functools import partial


def scale(limit, p):
    length = p.grad.pow(2).sum().sqrt().item()
    if length > limit:
        p.grad.copy_(p.grad * limit / length)


def clip_each_parameter(model, max_norm):
    seen, handles = set(), []
    for module in model.modules():
        for p in module._parameters.values():
            if p is not None and p.requires_grad and id(p) not in seen:
                seen.add(id(p))
                handles.append(p.register_post_accumulate_grad_hook(partial(scale, max_norm)))
    return handles
