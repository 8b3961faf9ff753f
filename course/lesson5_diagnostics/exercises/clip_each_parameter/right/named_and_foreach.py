def clip_each_parameter(model, max_norm):
    handles = []

    def clip(tensor):
        (norm,) = torch._foreach_norm([tensor.grad])
        tensor.grad.mul_(torch.clamp(max_norm / norm.clamp(min=1e-30), max=1.0))

    for _, tensor in sorted(model.named_parameters()):
        if tensor.requires_grad is True:
            handles += [tensor.register_post_accumulate_grad_hook(clip)]
    return handles
