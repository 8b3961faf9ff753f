def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = 1 + dilation * (kernel_size - 1)
    room = size + 2 * padding
    if room < reach:
        raise ValueError("the kernel does not fit")
    if room - stride < reach:
        return 1
    return 1 + conv_output_size(size - stride, kernel_size, stride, padding, dilation)
