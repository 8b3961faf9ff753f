numbers = {
    "low back": 15, "low back-pre": 14, "low pre A": 4, "low pre B": 5, "low pre C": 3, "high out A": 7, "high out B": 6,
    "high out C": 8, "high back A": 13, "high back B": 12, "high back-pre": 11, "net back": 16, "net back-pre": 10,
    "net out": 9, "net pre": 1, "net computes": 2,
}  # fmt: skip
hook_order = sorted(numbers, key=numbers.get)
