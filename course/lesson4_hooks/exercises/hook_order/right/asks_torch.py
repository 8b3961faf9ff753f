log = []
net = hooked(log)
net(torch.ones(1, 2, requires_grad=True)).sum().backward()
hook_order = log
