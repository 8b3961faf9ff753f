def clip_grad_output(module, max_norm):
    class Clip(torch.autograd.Function):
        @staticmethod
        def forward(ctx, *tensors):
            ctx.set_materialize_grads(False)
            return tuple(t.view_as(t) for t in tensors)

        @staticmethod
        def backward(ctx, *grads):
            norm = math.sqrt(sum(g.square().sum().item() for g in grads if g is not None))
            factor = max_norm / norm if norm > max_norm else 1.0
            return tuple(None if g is None else g * factor for g in grads)

    def hook(module, args, output):
        if isinstance(output, torch.Tensor):
            return Clip.apply(output)[0]
        return Clip.apply(*output)

    return module.register_forward_hook(hook)
