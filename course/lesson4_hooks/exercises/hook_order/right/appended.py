hook_order = []
hook_order.append("net pre")
hook_order.append("net computes")
for letter in "CAB":
    hook_order.append("low pre " + letter)
for letter in "BAC":
    hook_order.append("high out " + letter)
hook_order += ["net out", "net back-pre", "high back-pre", "high back B", "high back A"]
hook_order += ["low back-pre", "low back", "net back"]
