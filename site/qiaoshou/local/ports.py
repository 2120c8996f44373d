"""Finds out whether a port is free on loopback, and which one is."""

import socket

LOOPBACK = "127.0.0.1"
TRIED_AFTER_IT = 50


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def next_free(port: int) -> int:
    """The first free port after `port`, or any free one where the next 50 are taken."""
    for candidate in range(port + 1, min(port + TRIED_AFTER_IT, 65536)):
        if is_free(candidate):
            return candidate
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
