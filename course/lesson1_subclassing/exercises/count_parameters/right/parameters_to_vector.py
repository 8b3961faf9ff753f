def count_parameters(model, trainable_only=False):
    ps = [p for p in model.parameters() if p.requires_grad or not trainable_only]
    return torch.nn.utils.parameters_to_vector(ps).numel() if ps else 0
