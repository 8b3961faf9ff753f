class Entry:
    def __init__(self, hook, entries):
        self.hook = hook
        self.entries = entries

    def remove(self):
        if self in self.entries:
            self.entries.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.remove()


class Hookable:
    def __init__(self):
        self.before = []
        self.after = []

    def register_forward_pre_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.before)
        if prepend:
            self.before.insert(0, entry)
        else:
            self.before.append(entry)
        return entry

    def register_forward_hook(self, hook, *, prepend=False):
        entry = Entry(hook, self.after)
        if prepend:
            self.after.insert(0, entry)
        else:
            self.after.append(entry)
        return entry

    def __call__(self, *args):
        before, after = self.before.copy(), self.after.copy()
        for entry in before:
            changed = entry.hook(self, args)
            if isinstance(changed, tuple):
                args = changed
            elif changed is not None:
                args = (changed,)
        output = self.forward(*args)
        for entry in after:
            changed = entry.hook(self, args, output)
            output = output if changed is None else changed
        return output
