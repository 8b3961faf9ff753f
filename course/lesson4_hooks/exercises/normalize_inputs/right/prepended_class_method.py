class Standardize:
    @classmethod
    def onto(cls, model, mean, std):
        if std == 0:
            raise ValueError("std")
        hook = cls()
        hook.settings = (mean, std)
        return model.register_forward_pre_hook(hook.apply)

    def apply(self, module, inputs):
        mean, std = self.settings
        head, tail = inputs[:1], inputs[1:]
        return tuple((x - mean) / std for x in head) + tail


normalize_inputs = Standardize.onto
