"""What network cases begin with: addresses to try, and a way to tell that one of them answered.

A test machine may have no network. So that an open door is noticed there too, a test should listen
while they run: on a TCP port of both loopback addresses, and on the abstract unix socket `ABSTRACT`.
"""

from __future__ import annotations

import os

from tests.submissions.base import Hostile
from tests.submissions.prelude import escape

__all__ = ["ABSTRACT", "network"]

ABSTRACT = f"labkit-test-listener-{os.getpid()}"
"""Name of an abstract unix socket that a test may listen on, to see whether a case gets through.

A process has a name of its own: what an earlier run left behind holds no other's.
"""

_DOORS = """
import socket
socket.setdefaulttimeout(1)
OUTSIDE = [("8.8.8.8", 53), ("1.1.1.1", 443)]
OUTSIDE6 = [("2001:4860:4860::8888", 53), ("2606:4700:4700::1111", 443)]


def listening():
    # ports that somebody listens on here, as far as the system tells
    found = set()
    for name in ("tcp", "tcp6"):
        try:
            with open(f"/proc/net/{name}") as stream:
                rows = [line.split() for line in stream.read().splitlines()[1:]]
            found |= {int(row[1].rsplit(":", 1)[1], 16) for row in rows if row[3] == "0A"}
        except OSError as error:
            print("held:", error)
    return sorted(found)


def local():
    return [("127.0.0.1", port) for port in listening()]


def unix_sockets():
    names = ["/var/run/docker.sock", "/run/containerd/containerd.sock", "/run/dbus/system_bus_socket",
             "/run/systemd/private", "/run/systemd/journal/socket", "/dev/log", "/tmp/.X11-unix/X0",
             "/run/user/0/bus", "/run/user/1000/bus", "\\0" + "NAME"]
    try:
        with open("/proc/net/unix") as stream:
            rows = [line.split(maxsplit=7) for line in stream.read().splitlines()[1:]]
        names += [row[7].replace("@", "\\0",
                                 1) if row[7][0] == "@" else row[7] for row in rows if len(row) == 8]
    except OSError as error:
        print("held:", error)
    return list(dict.fromkeys(names))


def knock(family, kind, address, what):
    with socket.socket(family, kind) as door:
        door.connect(address)
        escaped(f"{what} {address}")

""".replace("NAME", ABSTRACT)


def network(name: str, why: str, attack: str) -> Hostile:
    """A case that tries to reach somebody."""
    return escape(name, why, f"{_DOORS}\n{attack}", look=False)
