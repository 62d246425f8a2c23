"""Submissions that try to reach the network by every other door: names, libraries, system calls."""

from __future__ import annotations

from tests.submissions.doors import network

__all__ = ["CASES"]

CASES = (
    network(
        "names",
        "asks for the address of a name, by the system and by a packet of its own",
        """
attempt(lambda: escaped(socket.getaddrinfo("example.com", 80)[0][4]))
attempt(lambda: escaped(socket.gethostbyname("pypi.org")))

@attempt
def by_packet():
    servers = ["127.0.0.53", "8.8.8.8"]
    try:
        with open("/etc/resolv.conf") as stream:
            servers += [line.split()[1] for line in stream if line.startswith("nameserver")]
    except OSError as error:
        print("held:", error)
    question = bytes.fromhex("1234010000010000000000000765" "78616d706c6503636f6d0000010001")
    for server in servers:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
            door.sendto(question, (server, 53))
            door.recv(512)
            escaped(f"names from {server}")
""",
    ),
    network(
        "netlink",
        "asks the kernel for addresses and routes: is there any but the loopback?",
        """
@attempt
def routes():
    with open("/proc/net/route") as stream:
        if len(stream.read().splitlines()) > 1:
            escaped("a route")

@attempt
def interfaces():
    import fcntl
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        for _number, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(door, 0x8915, struct.pack("256s", name.encode()))
            except OSError:
                continue
            if answer[20:21] != b"\\x7f":
                escaped(f"the interface {name}")

@attempt
def messages():
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as door:
        door.send(struct.pack("=IHHII", 20, 26, 0x301, 1, 0) + b"\\x02\\x00\\x00\\x00")
        answer = door.recv(65_536)
        if struct.unpack_from("=H", answer, 4)[0] == 24 and b"\\x05\\x00\\x04\\x00" in answer[16:]:
            print("routes:", len(answer))
""",
    ),
    network(
        "other_families",
        "the host of a virtual machine, Bluetooth, crypto and other kinds of sockets",
        """
for family in range(1, 46):
    if family in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, 16):
        continue
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        number = libc.socket(family, kind, 0)
        if number >= 0:
            if family == 40:
                for port in (1, 22, 80, 1_024):
                    if libc.connect(number, struct.pack("=HHIIB3x", 40, 0, port, 2, 0), 16) == 0:
                        escaped(f"port {port} of the host")
            elif family in (17, 29, 31, 38, 44):
                escaped(f"sockets of the family {family}")
            os.close(number)
""",
    ),
    network(
        "urllib_and_asyncio",
        "the library's own doors",
        """
import asyncio
import http.client
import smtplib
import urllib.request

for port in [*listening(), 80]:
    for host in ("127.0.0.1", "1.1.1.1", "[::1]"):
        @attempt
        def fetch():
            with urllib.request.urlopen(f"http://{host}:{port}/", timeout=1) as answer:
                escaped(f"http from {host}:{port} {answer.status}")

async def connect(host, port):
    _reader, writer = await asyncio.wait_for(asyncio.open_connection(host, port), 1)
    writer.close()
    escaped(f"asyncio {host}:{port}")

for host, port in [*local(), *OUTSIDE]:
    attempt(lambda: asyncio.run(connect(host, port)))
attempt(lambda: http.client.HTTPSConnection("1.1.1.1", timeout=1).connect() or escaped("https"))
attempt(lambda: smtplib.SMTP("127.0.0.1", 25, timeout=1) and escaped("mail"))
""",
    ),
    network(
        "downloads_weights",
        "Keras' own way to fetch files, and TensorFlow's",
        """
import tensorflow as tf
attempt(lambda: escaped(keras.utils.get_file("x.html", "https://example.com/", cache_dir=os.getcwd())))
attempt(lambda: escaped(tf.io.gfile.listdir("gs://gcp-public-data-landsat")[:1]))
attempt(lambda: keras.datasets.mnist.load_data() and escaped("MNIST with its test labels"))
""",
    ),
    network(
        "tensorflow_server",
        "a server of TensorFlow's, which opens sockets in C++",
        """
import tensorflow as tf

@attempt
def serve():
    settings = tf.data.experimental.service.DispatcherConfig(port=0)
    print("listens at", tf.data.experimental.service.DispatchServer(settings).target)
""",
    ),
    network(
        "system_calls",
        "sockets past Python: through libc, by number, and by the number of other calling conventions",
        """
def address(host, port):
    return struct.pack("=H", 2) + struct.pack("!H4s8x", port, socket.inet_aton(host))

def connected(number, how):
    for host, port in [*local(), *OUTSIDE] if number >= 0 else ():
        if libc.connect(number, address(host, port), 16) == 0:
            escaped(f"{how} to {host}:{port}")
            break

machine = os.uname().machine
connected(libc.socket(2, 1, 0), "libc")
connected(libc.syscall({"x86_64": 41, "aarch64": 198}.get(machine, -1), 2, 1, 0), "a call by number")
if machine == "x86_64":
    connected(libc.syscall(0x40000000 | 41, 2, 1, 0), "a call by the number of x32")
""",
    ),
    network(
        "old_system_calls",
        "a socket by the 32-bit convention, which a filter for 64 bits does not see",
        """
import mmap
if os.uname().machine == "x86_64":
    # push rbx; mov eax, 359 (socket); mov ebx, 2; mov ecx, 1; xor edx, edx; int 0x80; pop rbx; ret
    code = bytes.fromhex("53 b867010000 bb02000000 b901000000 31d2 cd80 5b c3".replace(" ", ""))
    page = mmap.mmap(-1, 4_096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
    number = call()
    if number >= 0:
        with socket.socket(fileno=number) as door:
            for host in [*local(), *OUTSIDE]:
                if door.connect_ex(host) == 0:
                    escaped(f"an old call to {host}")
                    break
""",
    ),
    network(
        "other_programs_on_the_network",
        "curl, wget, bash, Python and ssh in its place",
        """
for host, port in [*local(), *OUTSIDE]:
    connect = f"import socket; socket.create_connection(('{host}', {port}), 1)"
    for command in (["curl", "-sm1", f"telnet://{host}:{port}"],
                    ["wget", "-qT1", "-t1", f"http://{host}:{port}"],
                    ["bash", "-c", f"exec 3<>/dev/tcp/{host}/{port}"],
                    ["nc", "-zw1", host, str(port)],
                    ["ssh", "-oBatchMode=yes", "-oConnectTimeout=1", host],
                    [sys.executable, "-c", connect]):
        try:
            done = subprocess.run(command, capture_output=True, timeout=5, stdin=subprocess.DEVNULL)
            if done.returncode == 0:
                escaped(" ".join(command)[:80])
        except (OSError, subprocess.SubprocessError) as error:
            print("held:", command[0], error)
""",
    ),
)
