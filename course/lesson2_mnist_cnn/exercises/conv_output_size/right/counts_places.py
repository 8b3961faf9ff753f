def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    places = 0
    start = -padding
    while start + dilation * (kernel_size - 1) <= size - 1 + padding:
        places += 1
        start += stride
    if not places:
        raise ValueError("no place for the kernel")
    return places
