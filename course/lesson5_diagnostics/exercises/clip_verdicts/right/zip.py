clip_answers = dict(
    zip(SNIPPETS, ["none", "earlier layers", "this and earlier layers", "this layer", "this and earlier layers"])
)
