"""Holders of leases: who they are, and whether one is certainly gone."""

import os
import socket
import uuid


def new_owner() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def is_dead(owner: str) -> bool:
    """True if the holder was a process of this host that is gone: no need to wait for its lease.

    A wrong guess is harmless: the fence refuses the old holder, and the key makes sending twice
    the same as once.
    """
    host, _, rest = owner.partition(":")
    pid = rest.partition(":")[0]
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
