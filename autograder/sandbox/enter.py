"""The first thing that runs inside a sandbox: sets the resource limits, gives up root, starts the kernel.

Run as a file, by a bare Python, with one JSON argument; it imports nothing of ours. Never returns.
"""

import json
import os
import resource
import sys
from pathlib import Path


def main() -> None:
    """Limit, drop privileges, exec."""
    plan = json.loads(sys.argv[1])
    for name, wanted in plan["limits"].items():
        number = getattr(resource, name)
        hard = resource.getrlimit(number)[1]
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(number, (value, value))
    if plan["uid"] is not None:
        os.setgroups([])
        os.setgid(plan["uid"])
        os.setuid(plan["uid"])
    Path(os.environ["HOME"]).mkdir(parents=True, exist_ok=True)
    Path(plan["folder"]).mkdir(parents=True, exist_ok=True)
    os.chdir(plan["folder"])
    os.umask(0o077)
    os.execv(plan["command"][0], plan["command"])


if __name__ == "__main__":
    main()
