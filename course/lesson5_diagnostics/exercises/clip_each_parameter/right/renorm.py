def clip_each_parameter(model, max_norm):
    def hook(p):
        p.grad.copy_(torch.renorm(p.grad.reshape(1, -1), 2, 0, max_norm).view_as(p.grad))

    return [p.register_post_accumulate_grad_hook(hook) for p in filter(lambda p: p.requires_grad, model.parameters())]
