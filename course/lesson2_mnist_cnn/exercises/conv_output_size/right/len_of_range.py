def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    starts = range(0, size + 2 * padding - dilation * (kernel_size - 1), stride)
    if len(starts) == 0:
        raise ValueError(f"{kernel_size=} too large for {size=}")
    return len(starts)
