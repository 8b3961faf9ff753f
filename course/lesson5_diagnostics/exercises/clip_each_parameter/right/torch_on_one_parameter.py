from torch.nn.utils import clip_grad_norm_


def clip_each_parameter(model, max_norm):
    def hook(p):
        clip_grad_norm_(p, max_norm)

    trainable = filter(lambda p: p.requires_grad, model.parameters())
    return list(map(lambda p: p.register_post_accumulate_grad_hook(hook), trainable))
