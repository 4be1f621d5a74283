"""Which local process holds the other end of a connection; lets a fault kill its caller."""

import os
from pathlib import Path

_TABLES = ("/proc/net/tcp", "/proc/net/tcp6")


def process_on_port(port: int) -> int | None:
    """The process whose socket has this local port; Linux only, own processes only."""
    inode = _inode_of(port)
    if inode is None:
        return None
    for folder in Path("/proc").glob("[0-9]*/fd"):
        pid = int(folder.parent.name)
        if pid != os.getpid() and _holds(folder, f"socket:[{inode}]"):
            return pid
    return None


def _inode_of(port: int) -> str | None:
    for table in _TABLES:
        for line in _lines(Path(table)):
            fields = line.split()
            # An inode of 0 is an ended connection that waits: the same port may be in use again.
            if fields[9] != "0" and int(fields[1].rpartition(":")[2], 16) == port:
                return fields[9]
    return None


def _lines(table: Path) -> list[str]:
    return table.read_text().splitlines()[1:] if table.exists() else []


def _holds(folder: Path, link: str) -> bool:
    try:
        return any(_target(each) == link for each in folder.iterdir())
    except OSError:  # the process ended meanwhile, or is not ours to look into
        return False


def _target(descriptor: Path) -> str:
    try:
        return os.readlink(descriptor)
    except OSError:  # closed meanwhile; the next one may be the one we look for
        return ""
