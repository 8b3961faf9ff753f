hook_order = """
net pre
net computes
low pre C
low pre A
low pre B
high out B
high out A
high out C
net out
net back-pre
high back-pre
high back B
high back A
low back-pre
low back
net back
""".strip().splitlines()
