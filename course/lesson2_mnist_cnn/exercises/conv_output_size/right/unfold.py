def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    total = size + 2 * padding
    reach = dilation * (kernel_size - 1) + 1
    if reach > total:
        raise ValueError("kernel reaches too far")
    return torch.arange(total).unfold(0, reach, stride).size(0)
