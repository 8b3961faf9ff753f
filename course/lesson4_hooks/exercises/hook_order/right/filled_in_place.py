hook_order = [None] * 16
hook_order[0], hook_order[1], hook_order[8] = "net pre", "net computes", "net out"
hook_order[2:5] = ["low pre C", "low pre A", "low pre B"]
hook_order[5:8] = ["high out B", "high out A", "high out C"]
hook_order[9], hook_order[15] = "net back-pre", "net back"
hook_order[10:13] = ["high back-pre", "high back B", "high back A"]
hook_order[13:15] = ["low back-pre", "low back"]
