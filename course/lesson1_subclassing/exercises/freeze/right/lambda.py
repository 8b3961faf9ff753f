freeze = lambda model, prefix: (
    [
        (p.requires_grad_(False), n)[1]
        for n, p in model.named_parameters()
        if ("." + n + ".").startswith("." + prefix + "." * (prefix != ""))
    ]
    or (_ for _ in ()).throw(ValueError("no match"))
)
