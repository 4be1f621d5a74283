"""What running processes take from the machine, children included: the kernel's own figures."""

import os
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

TICK = os.sysconf("SC_CLK_TCK")


def cpu(main: int) -> float:
    """Seconds of the processor that a process and all its children, ended ones too, have used."""
    stat = Path(f"/proc/{main}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, stat[11:15])) / TICK + sum(cpu(child) for child in children(main))


def memory(main: int) -> float:
    """Resident MiB of a process and its children."""
    lines = Path(f"/proc/{main}/status").read_text().splitlines()
    own = next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)
    return own / 1024 + sum(memory(child) for child in children(main))


def children(main: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{main}/task/{main}/children").read_text().split()]


def database(url: str) -> int | None:
    """The main process of the tests' own PostgreSQL; None on SQLite, which has none."""
    folder = parse_qs(urlsplit(url).query).get("host", [""])[0]
    if not folder.startswith(tempfile.gettempdir()):
        return None
    return int((Path(folder) / "data" / "postmaster.pid").read_text().splitlines()[0])
