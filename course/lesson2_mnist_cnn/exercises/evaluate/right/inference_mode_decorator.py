@torch.no_grad()
def evaluate(model, loader):
    trained = [m for m in model.modules() if m.training]
    try:
        model.eval()
        results = [(model(x).max(1).indices == y).tolist() for x, y in loader]
    finally:
        for m in trained:
            m.training = True
    flat = sum(results, [])
    if not flat:
        raise ValueError("empty loader")
    return sum(flat) / len(flat)
