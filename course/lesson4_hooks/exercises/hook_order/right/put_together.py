forward = ["net pre", "net computes", *[f"low pre {letter}" for letter in "CAB"]]
forward += [f"high out {letter}" for letter in "BAC"] + ["net out"]
backward = ["high back-pre", "high back B", "high back A", "low back-pre", "low back"]
hook_order = [*forward, "net back-pre", *backward, "net back"]
