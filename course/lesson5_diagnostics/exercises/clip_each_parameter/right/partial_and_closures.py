from functools import partial


def clip_each_parameter(model, max_norm):
    def clip(limit, param):
        grad = param.grad.detach()
        param.grad = grad if grad.norm() <= limit else limit * grad / grad.norm()

    return [
        p.register_post_accumulate_grad_hook(partial(clip, max_norm))
        for p in set(model.parameters())
        if p.requires_grad
    ]
