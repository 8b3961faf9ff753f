def verdict(snippet):
    plain, hooked = gradients_with(), gradients_with(snippet)
    changed = {name.split(".")[0] for name in plain if not torch.allclose(plain[name], hooked[name])}
    return {
        frozenset(): "none",
        frozenset({"second"}): "this layer",
        frozenset({"first"}): "earlier layers",
        frozenset({"first", "second"}): "this and earlier layers",
    }[frozenset(changed)]


clip_answers = {name: verdict(snippet) for name, snippet in SNIPPETS.items()}
