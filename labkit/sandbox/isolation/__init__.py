"""Walls around a process that runs foreign code, on Linux.

`guard` forks and watches; `namespaces` takes the file system, the network and all other processes
out of sight, `landlock` does what it can of that where namespaces are refused; `seccomp` forbids
what both leave open; `limits` bounds what may be used; `needs` says what Python must be able to read.
"""
