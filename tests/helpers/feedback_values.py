"""Values that feedback is written about."""

from __future__ import annotations

NO_DRIVER = (
    "Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU and installed a driver from "
    "http://www.nvidia.com/Download/index.aspx"
)


OVERLOADS = """conv2d() received an invalid combination of arguments - got (list, Parameter), but expected one of:
 * (Tensor input, Tensor weight, Tensor bias = None, tuple of ints stride = 1)
 * (Tensor input, Tensor weight, Tensor bias = None, tuple of ints stride = 1, str padding = "valid")
"""
