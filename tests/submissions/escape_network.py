"""Submissions that try to reach the network, or another process, through a socket."""

from __future__ import annotations

from tests.submissions.doors import network

__all__ = ["CASES"]

CASES = (
    network(
        "tcp_outside",
        "a connection to a server on the internet",
        """
for address in OUTSIDE:
    attempt(lambda: knock(socket.AF_INET, socket.SOCK_STREAM, address, "tcp"))
""",
    ),
    network(
        "tcp_to_this_machine",
        "every port of this machine that anybody listens on: notebooks, databases, the grader",
        """
def scan():
    begun = time.monotonic()
    for port in [*listening(), *range(1, 65_536)]:
        if time.monotonic() - begun > 20:
            return
        with socket.socket() as door:
            door.settimeout(0.2)
            if door.connect_ex(("127.0.0.1", port)) == 0 and door.getsockname() != door.getpeername():
                return escaped(f"port {port} of this machine")

attempt(scan)
""",
    ),
    network(
        "tcp_over_ipv6",
        "the other protocol, this machine and outside",
        """
for address in [("::1", port) for port in listening()] + OUTSIDE6:
    attempt(lambda: knock(socket.AF_INET6, socket.SOCK_STREAM, address, "tcp6"))
""",
    ),
    network(
        "tcp_fast_open",
        "data in the first packet: a connection without connect",
        """
def send():
    for address in [*local(), *OUTSIDE]:
        with socket.socket() as door:
            door.sendto(b"hello", socket.MSG_FASTOPEN, address)
            escaped(f"fast open {address}")

attempt(send)
""",
    ),
    network(
        "udp",
        "a datagram needs no connection, only a way out",
        """
for family, address in [(socket.AF_INET, OUTSIDE[0]), (socket.AF_INET6, OUTSIDE6[0])]:
    @attempt
    def send():
        with socket.socket(family, socket.SOCK_DGRAM) as door:
            door.sendto(b"labkit", address)
            door.connect(address)
            escaped(f"udp from {door.getsockname()[0]}")
""",
    ),
    network(
        "raw_packets",
        "packets of its own making, and everybody else's",
        """
for family, kind, protocol in [(socket.AF_INET, socket.SOCK_RAW, 1), (socket.AF_INET,
                                                                      socket.SOCK_DGRAM, 1),
                               (socket.AF_PACKET, socket.SOCK_RAW, 0x0300)]:
    @attempt
    def send():
        with socket.socket(family, kind, protocol) as door:
            if family == socket.AF_PACKET:
                names = [name for _number, name in socket.if_nameindex() if name != "lo"]
                door.bind((names[0], 0))
            else:
                door.sendto(b"\\x08\\x00\\xf7\\xff\\x00\\x00\\x00\\x00", ("8.8.8.8", 0))
            escaped(f"raw packets {family}")
""",
    ),
    network(
        "unix_sockets",
        "Docker, the system bus, the display, and every name in the abstract space",
        """
for name in unix_sockets():
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        attempt(lambda: knock(socket.AF_UNIX, kind, name, "unix"))
""",
    ),
)
