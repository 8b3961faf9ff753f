class DoesNotFit(ValueError):
    pass


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    room = size + 2 * padding - (kernel_size + (kernel_size - 1) * (dilation - 1))
    if room < 0:
        raise DoesNotFit(room)
    steps, rest = divmod(room, stride)
    return steps + 1
