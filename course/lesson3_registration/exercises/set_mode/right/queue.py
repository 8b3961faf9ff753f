import queue


def set_mode(module, training):
    if not isinstance(training, bool):
        raise ValueError(training)
    q = queue.Queue()
    q.put(module)
    while not q.empty():
        m = q.get()
        m.training = training
        for c in m.children():
            q.put(c)
    return module
