"""The first thing that runs inside a sandbox: unpacks the student package, sets the resource limits, gives up root,
starts the kernel.

Run by a bare Python from its text, with a line of JSON and a zip archive on standard input; it imports nothing of
ours. Never returns.
"""

import io
import json
import os
import resource
import sys
import zipfile
from pathlib import Path

CPU_GRACE = 5
"""Seconds between the signal that says why a process ends, and the one that can't be ignored."""


def main() -> None:
    """Unpack, limit, drop privileges, exec."""
    plan = json.loads(sys.stdin.buffer.readline())
    archive = sys.stdin.buffer.read()
    if archive:
        zipfile.ZipFile(io.BytesIO(archive)).extractall(plan["packages"])
    for name, wanted in plan["limits"].items():
        number = getattr(resource, name)
        hard = resource.getrlimit(number)[1]
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        last = value + CPU_GRACE if name == "RLIMIT_CPU" and hard == resource.RLIM_INFINITY else value
        resource.setrlimit(number, (value, last))
    if plan["uid"] is not None:
        os.setgroups([])
        os.setgid(plan["uid"])
        os.setuid(plan["uid"])
    os.umask(0o077)
    Path(plan["connection_file"]).write_text(json.dumps(plan["connection"]))
    Path(os.environ["HOME"]).mkdir(parents=True, exist_ok=True)
    Path(plan["folder"]).mkdir(parents=True, exist_ok=True)
    os.chdir(plan["folder"])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.execv(plan["command"][0], plan["command"])


if __name__ == "__main__":
    main()
