#!/usr/bin/env python3
"""A fake of the Gemini API on the loopback interface, for tests. See README.md beside this file."""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import os
import signal
import ssl
import sys

sys.dont_write_bytecode = True  # leave no __pycache__ in the source tree

from http_server import Connection  # noqa: E402
from keys import KeyTable  # noqa: E402
from service import FakeGemini  # noqa: E402

PR_SET_PDEATHSIG = 1


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Fake Gemini API for tests (control interface: see README.md).")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port; 0 takes a free one, named in the first line printed")
    parser.add_argument("--tls-cert", metavar="PEM", help="certificate chain; with --tls-key the server speaks https")
    parser.add_argument("--tls-key", metavar="PEM", help="private key of the certificate")
    parser.add_argument("--latency", type=float, default=0, metavar="MS", help="time from request to answer (default 0)")
    parser.add_argument("--keys", default="", metavar="PROJECT=KEY,…", help="the valid keys (default: any non-empty key)")
    parser.add_argument("--exit-with-parent", action="store_true", help="end when the thread that started us ends")
    options = parser.parse_args(arguments)
    if bool(options.tls_cert) != bool(options.tls_key):
        parser.error("--tls-cert and --tls-key belong together")
    try:
        options.keys = KeyTable.parse(options.keys)
    except ValueError as problem:
        parser.error(str(problem))
    return options


def exit_with_parent() -> None:
    """Asks the kernel for SIGTERM when the parent ends."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # it was gone before we asked
        sys.exit(0)


def tls_context(options: argparse.Namespace) -> ssl.SSLContext | None:
    if not options.tls_cert:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.tls_cert, options.tls_key)
    return context


async def serve(options: argparse.Namespace) -> None:
    """Listens, tells the address, and serves until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    app = FakeGemini(options.keys, options.latency)
    context = tls_context(options)
    server = await loop.create_server(
        lambda: Connection(app, app.connections), options.host, options.port, ssl=context, backlog=1024
    )
    port = server.sockets[0].getsockname()[1]
    print(f"fake_gemini listening on {'https' if context else 'http'}://{options.host}:{port}", flush=True)
    await stop.wait()
    server.close()
    for connection in list(app.connections):
        connection.abort()


def main() -> int:
    options = parse_arguments()
    if options.exit_with_parent:
        exit_with_parent()
    asyncio.run(serve(options))
    return 0


if __name__ == "__main__":
    sys.exit(main())
