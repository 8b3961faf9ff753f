log = []
hooked(log)(torch.randn(5, 2).requires_grad_()).mean().backward()
hook_order = tuple(log)
