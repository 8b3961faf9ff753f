from contextlib import ExitStack


class Doctor:
    def __init__(self, model, loader):
        self.model, self.loader = model, loader
        self.worst, self.counts = 0.0, {}

    def leaked_hook(self):
        kinds = ["forward_pre", "forward", "backward_pre", "backward"]
        return any(len(vars(m)[f"_{kind}_hooks"]) for m in self.model.modules() for kind in kinds)

    def frozen_parameters(self):
        return not all(p.requires_grad for _, p in self.model.named_parameters())

    def unregistered_layer(self):
        registered = [m for m in self.model.modules()]
        for m in registered:
            for attribute in vars(m).values():
                if isinstance(attribute, dict):
                    attribute = tuple(attribute.values())
                if not isinstance(attribute, (tuple, list)):
                    continue
                for element in attribute:
                    if isinstance(element, nn.Module) and not any(element is r for r in registered):
                        return True
        return False

    def double_softmax(self):
        module = self.model
        for module in self.model.modules():
            if not len(list(module.children())):
                last = module
        return isinstance(last, nn.Softmax) or isinstance(last, nn.LogSoftmax)

    def note(self, module, args, output):
        todo = [output]
        while todo:
            item = todo.pop()
            if isinstance(item, torch.Tensor):
                numbers = item.detach().double().abs().nan_to_num(nan=math.inf)
                self.worst = max([self.worst, *numbers.flatten().tolist()])
            elif isinstance(item, (tuple, list)):
                todo.extend(item)
            elif isinstance(item, dict):
                todo.extend(item.values())
        if isinstance(module, nn.ReLU) and len(output.shape) in (2, 4):
            counts = (output > 0).movedim(1, 0).flatten(start_dim=1).sum(dim=1)
            uses = self.counts.setdefault(module, {})
            uses[len(counts)] = uses.get(len(counts), 0) + counts

    def examine(self):
        names = ("leaked_hook", "frozen_parameters", "unregistered_layer", "double_softmax")
        faults = {name.replace("_", "-") for name in names if getattr(self, name)()}
        with ExitStack() as stack:
            for module in self.model.modules():
                stack.callback(setattr, module, "training", module.training)
                stack.enter_context(module.register_forward_hook(self.note))
            stack.enter_context(torch.no_grad())
            self.model.eval()
            for batch in self.loader:
                self.model(batch[0])
        if self.worst > 1e4:
            faults.add("exploding-activations")
        if any(bool((counts == 0).any()) for uses in self.counts.values() for counts in uses.values()):
            faults.add("dead-relu")
        return faults


def diagnose(model, loader):
    return Doctor(model, loader).examine()
