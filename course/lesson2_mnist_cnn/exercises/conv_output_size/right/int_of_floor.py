def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    span = (kernel_size - 1) * dilation
    last = size + 2 * padding - span - 1
    if last < 0:
        raise ValueError(f"{last=}")
    return int(torch.div(torch.tensor(last), stride, rounding_mode="floor")) + 1
