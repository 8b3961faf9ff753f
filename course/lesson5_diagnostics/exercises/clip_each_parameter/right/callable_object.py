class Clip:
    def __init__(self, max_norm):
        self.max_norm = max_norm

    @torch.no_grad()
    def __call__(self, p):
        p.grad /= max(1.0, float(p.grad.norm()) / self.max_norm)


def clip_each_parameter(model, max_norm):
    handles = []
    for _, p in model.named_parameters(remove_duplicate=False):
        try:
            handles += [p.register_post_accumulate_grad_hook(Clip(max_norm))]
        except RuntimeError:
            pass
    return handles
