def clip_each_parameter(model, max_norm):
    handles = []
    for name, param in model.named_parameters():
        if not param.requires_grad:
            continue

        def clip(param):
            with torch.no_grad():
                size = torch.linalg.vector_norm(param.grad)
                param.grad = param.grad * torch.clamp(max_norm / (size + 1e-9), max=1.0)

        handles.append(param.register_post_accumulate_grad_hook(clip))
    return handles
