count_parameters = lambda model, trainable_only=False: sum(
    map(torch.numel, filter(lambda p: p.requires_grad >= trainable_only, model.parameters()))
)
