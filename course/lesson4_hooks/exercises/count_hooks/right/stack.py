def count_hooks(module):
    stack, seen, count = [module], [], 0
    while stack:
        m = stack.pop()
        if any(m is other for other in seen):
            continue
        seen.append(m)
        stack.extend(m.children())
        for key, value in m.__dict__.items():
            if key in {"_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks"}:
                count = count + len(value)
    return count
