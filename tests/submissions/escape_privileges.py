"""Submissions that try to get privileges, and with them out: namespaces, mounts, root, the kernel."""

from __future__ import annotations

from tests.submissions.prelude import escape

__all__ = ["CASES"]

CASES = (
    escape(
        "new_namespaces",
        "namespaces in its namespaces, in which it is root again, and a look around",
        """
        for flags in (0x10000000, 0x10000000 | 0x20000, 0x10000000 | 0x20000 | 0x40000000, 0x20000,
                      0x40000000):
            libc.unshare(flags)
            look("namespaces")
        """,
    ),
    escape(
        "mounts",
        "disks, the process table and other folders, mounted in its own",
        """
        os.makedirs("mnt", exist_ok=True)
        for kind in (b"ext4", b"xfs", b"btrfs", b"overlay"):
            for disk in (b"/dev/sda1", b"/dev/vda", b"/dev/vda1", b"/dev/nvme0n1p1", b"/dev/root"):
                if libc.mount(disk, b"mnt", kind, 1, None) == 0:
                    escaped("a disk")
                    libc.umount2(b"mnt", 2)
        for folder in (b"/", b"/root", b"/home", b"/proc/1/root"):
            if libc.mount(folder, b"mnt", None, 4096 | 16384, None) == 0:
                for secret in SECRETS:
                    grab("mnt" + secret, "mount", [])
                libc.umount2(b"mnt", 2)
        """,
    ),
    escape(
        "unmounts",
        "takes away whatever was mounted over what it must not see",
        """
        # only where these mounts are its own: in new namespaces, or in a room
        own = libc.unshare(0x10000000 | 0x20000) == 0 or os.getppid() in (0, 1)
        places = ["/", "/proc", "/sys", "/dev", "/etc", "/usr", "/root", "/home", "/tmp", os.getcwd()]
        places += [os.path.dirname(place) for place in places[-1:]]
        if os.path.exists("/proc/self/mountinfo"):
            with open("/proc/self/mountinfo") as stream:
                places = [line.split()[4] for line in stream]
        for place in reversed(places) if own else ():
            libc.umount2(place.encode().decode("unicode_escape").encode(), 2)
        look("below the mounts")
        """,
    ),
    escape(
        "moves_the_root",
        "chroot and back out of it, pivot_root, and a look around",
        """
        os.makedirs("cell", exist_ok=True)
        door = os.open(".", os.O_RDONLY)

        @attempt
        def out_of_a_cell():
            os.chroot("cell")
            os.fchdir(door)
            for _level in range(64):
                os.chdir("..")
            os.chroot(".")
            for path in SECRETS:
                grab(path, "chroot")

        attempt(lambda: os.fchdir(door))
        call = {"x86_64": 155, "aarch64": 41}.get(os.uname().machine)
        if call and libc.syscall(call, b".", b"cell") == 0:
            look("pivot_root")
        os.fchdir(door)
        """,
    ),
    escape(
        "joins_namespaces",
        "the namespaces of its parent and of process 1",
        """
        for pid in ("1", str(os.getppid())):
            for kind in ("user", "mnt", "net", "pid", "ipc"):
                try:
                    handle = os.open(f"/proc/{pid}/ns/{kind}", os.O_RDONLY)
                except OSError as error:
                    print("held:", error)
                    continue
                own = os.stat(f"/proc/self/ns/{kind}").st_ino
                if os.fstat(handle).st_ino != own and libc.setns(handle, 0) == 0:
                    escaped(f"{kind} namespace of {pid}")
        look("namespaces")
        """,
    ),
    escape(
        "becomes_root",
        "user and group 0, and every capability there is",
        """
        for deed in (lambda: os.setgroups([0]), lambda: os.setresgid(0, 0, 0), lambda: os.setresuid(0,
            0, 0)):
            attempt(deed)
        header = struct.pack("II", 0x20080522, 0)
        libc.capset(header, struct.pack("6I", *[0xFFFFFFFF] * 6))
        for number in range(41):
            libc.prctl(47, 2, number, 0, 0)  # ambient capabilities
        look("root")
        """,
    ),
    escape(
        "asks_privileged_programs",
        "sudo, su, mount and others that run as root whoever calls them",
        """
        for command in (["sudo", "-n", "cat", "/etc/shadow"], ["su", "-c", "cat /etc/shadow"],
                        ["pkexec", "cat", "/etc/shadow"], ["newuidmap", "1", "0", "0", "1"],
                        ["docker", "run", "-v", "/:/h", "alpine", "cat", "/h/etc/shadow"],
                        ["systemd-run", "--pipe", "cat", "/etc/shadow"]):
            try:
                done = subprocess.run(command, capture_output=True, timeout=20,
                                      stdin=subprocess.DEVNULL)
                if done.returncode == 0:
                    escaped(command[0])
            except (OSError, subprocess.SubprocessError) as error:
                print("held:", error)
        if libc.prctl(39, 0, 0, 0, 0) == 0:  # no_new_privs
            escaped("it may gain privileges")
        """,
        look=False,
    ),
    escape(
        "runs_from_memory",
        "a program that is no file: a copy of Python in memory, which looks around",
        """
        @attempt
        def from_memory():
            memory = os.memfd_create("program")
            with open(os.path.realpath(sys.executable), "rb") as stream:
                os.write(memory, stream.read())
            code = "import sys; print(len(open(sys.argv[1], 'rb').read(1)))"
            for secret in SECRETS:
                done = subprocess.run([f"/proc/self/fd/{memory}", "-c", code, secret],
                                      pass_fds=[memory],
                                      capture_output=True, timeout=20)
                if done.stdout.strip() == b"1":
                    escaped(f"{secret} by a program in memory")
        """,
    ),
    escape(
        "asks_the_kernel",
        "calls that only whoever runs the machine needs; clock and name are set to what they are",
        """
        import platform
        if platform.machine() == "x86_64":
            zero = ctypes.create_string_buffer(256)
            doors = {"bpf": (321, 0, zero, 128), "userfaultfd": (323, 0), "io_uring_setup": (425, 4,
                zero),
                     "add_key": (248, b"user", b"labkit", b"x", 1, -1),
                     "fanotify_init": (300, 0, 0), "open_tree": (428, -100, b"/", 1),
                     "fsopen": (430, b"tmpfs", 0), "personality": (135, 0x40000)}
            for name, (number, *arguments) in doors.items():
                if libc.syscall(number, *arguments) >= 0:
                    escaped(name)
        name = os.uname().nodename.encode()
        if libc.sethostname(name, len(name)) == 0:
            escaped("the machine's name")
        now = struct.pack("qq", int(time.time()), 0)
        if hasattr(time, "clock_settime"):
            @attempt
            def clock():
                time.clock_settime(time.CLOCK_REALTIME, time.clock_gettime(time.CLOCK_REALTIME))
                escaped("the machine's clock")
        """,
        look=False,
    ),
    escape(
        "talks_through_shared_memory",
        "a System V segment with a known key, for a process that is graded later",
        """
        print("segment:", libc.shmget(0x6C61626B, 4_096, 0o1000 | 0o666))
        print("queue:", libc.msgget(0x6C61626B, 0o1000 | 0o666))
        with open("/proc/sysvipc/shm") as stream:
            lines = stream.read().splitlines()[1:]
        if any(line.split()[0] != str(0x6C61626B) for line in lines):
            escaped("shared memory of others")
        """,
        look=False,
    ),
)
