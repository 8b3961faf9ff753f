import functools


def _count(trainable, model, trainable_only=False):
    seen = set()

    def walk(module):
        found = 0
        for p in module.parameters(recurse=False):
            if p not in seen:
                seen.add(p)
                found += p.numel() if trainable(p, trainable_only) else 0
        return found + sum(walk(child) for child in module.children())

    return walk(model)


count_parameters = functools.partial(_count, lambda p, only: p.requires_grad if only else True)
