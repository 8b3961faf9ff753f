def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    conv = nn.Conv1d(1, 1, kernel_size, stride=stride, padding=padding, dilation=dilation)
    try:
        return conv(torch.zeros(1, 1, size)).size(2)
    except RuntimeError:
        raise ValueError("no output") from None
