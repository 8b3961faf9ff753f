class Freezer:
    class NothingMatches(ValueError):
        pass

    def __call__(self, model, prefix):
        matches = {}
        for name, parameter in model.named_parameters():
            rest = name.removeprefix(prefix)
            if not prefix or (name.startswith(prefix) and (rest == "" or rest[0] == ".")):
                matches[name] = parameter
        if not matches:
            raise self.NothingMatches(prefix)
        torch.nn.ParameterList(matches.values()).requires_grad_(False)
        return [*matches]


freeze = Freezer()
