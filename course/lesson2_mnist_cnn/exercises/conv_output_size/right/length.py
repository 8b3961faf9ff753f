def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    length = (size + 2 * padding - reach) // stride + 1
    if length < 1:
        raise ValueError("the kernel does not fit")
    return length
