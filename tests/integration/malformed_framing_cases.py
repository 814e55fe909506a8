"""Uploads whose length or chunks are wrong, and protocols that are not HTTP/1. Each ends its connection."""

from __future__ import annotations

import random

from error_table import MAX_UPLOAD, Case
from harness import png

HEAD = b"POST /v1/analyses HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
HELLO = b"5\r\nhello\r\n0\r\n\r\n"
# What a front end that read the framing otherwise would have let pass.
SMUGGLED = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


def _framings(says: str, *rows: tuple[str, bytes], body: bytes = HELLO + SMUGGLED) -> list[Case]:
    return [Case(name, HEAD + lines + b"\r\n" + body, 400, "bad_request", says, closes=True) for name, lines in rows]


def _lengths(says: str, *values: bytes) -> list[Case]:
    rows = [(f"Content-Length: {value!r}", b"Content-Length: " + value + b"\r\n") for value in values]
    return _framings(says, *rows, body=SMUGGLED)


def _codings(says: str, *values: bytes) -> list[Case]:
    return _framings(says, *((f"Transfer-Encoding: {value!r}", b"Transfer-Encoding: " + value + b"\r\n") for value in values))


ENCODING = "[Tt]ransfer-[Ee]ncoding"

LENGTHS: list[Case] = [
    *_lengths(
        "bad Content-Length",
        b"", b"-1", b"+5", b"0x10", b"5 5", b"5;", b"5,", b",", b"5.0", b"1e3", b"five", b"5five", b'"5"',
        b"\xd9\xa5", b"18446744073709551616", b"9" * 40,
    ),
    *_framings(
        "Content-Length",
        ("two lengths in a list", b"Content-Length: 5, 6\r\n"),
        ("two lengths", b"Content-Length: 5\r\nContent-Length: 6\r\n"),
        ("two lengths, one of them 0", b"Content-Length: 0\r\nContent-Length: 44\r\n"),
        ("a length and a bad one", b"Content-Length: 5\r\nContent-Length: x\r\n"),
        body=SMUGGLED,
    ),
    *_framings(
        "Content-Length|Transfer-Encoding",
        ("length, then chunked", b"Content-Length: 15\r\n" + CHUNKED),
        ("chunked, then length", CHUNKED + b"Content-Length: 15\r\n"),
        ("length and another coding", b"Transfer-Encoding: gzip\r\nContent-Length: 15\r\n"),
        ("length and chunked twice", b"Transfer-Encoding: chunked, chunked\r\nContent-Length: 15\r\n"),
    ),
]  # fmt: skip

CODINGS: list[Case] = [
    *_codings(
        ENCODING,
        b"", b"gzip", b"deflate", b"identity", b"nonsense", b"xchunked", b"chunkedx", b"chunk", b'"chunked"',
        b"chunked, identity", b"chunked, gzip", b"chunked, chunked", b"gzip, chunked", b"identity, chunked",
        b"chunked;q=1", b"chunked foo", b"chunked@", b"chunked,,gzip", b"\xa0chunked",
    ),
    *_codings("bad value", b"\x0bchunked", b"chunked\0", b"\x0cchunked"),
    *_framings(
        ENCODING,
        ("chunked given twice", CHUNKED + CHUNKED),
        ("gzip, then chunked", b"Transfer-Encoding: gzip\r\n" + CHUNKED),
        ("chunked, then identity", CHUNKED + b"Transfer-Encoding: identity\r\n"),
        ("identity, then chunked", b"Transfer-Encoding: identity\r\n" + CHUNKED),
    ),
    *_framings("bad field", ("space before the coding's colon", b"Transfer-Encoding : chunked\r\n")),
    *_framings("bad value", ("bare line feed before chunked", b"X: y\nTransfer-Encoding: chunked\r\n")),
    Case("chunked in HTTP/1.0", HEAD.replace(b"HTTP/1.1", b"HTTP/1.0") + CHUNKED + b"\r\n" + HELLO, 400, "bad_request",
         "HTTP/1.0", closes=True),
    # The answer must reach a client that sends more than the server reads before it answers.
    Case("another coding and a long body", HEAD + b"Transfer-Encoding: gzip\r\n\r\n" + bytes(150_000), 400, "bad_request",
         ENCODING, closes=True),
]  # fmt: skip


def _chunks(status: int, code: str, *rows: tuple[str, bytes, str]) -> list[Case]:
    start = HEAD + CHUNKED + b"\r\n"
    return [Case(f"chunk: {name}", start + data, status, code, says, closes=True) for name, data, says in rows]


CHUNK, EXTENSION = "bad chunk", "bad chunk extension"

CHUNKS: list[Case] = [
    *_chunks(
        400, "bad_request",
        ("no size", b"\r\nhello\r\n0\r\n\r\n", CHUNK),
        ("size in words", b"five\r\nhello\r\n0\r\n\r\n", CHUNK),
        ("size of a letter", b"g\r\nhello\r\n0\r\n\r\n", CHUNK),
        ("negative size", b"-5\r\nhello\r\n0\r\n\r\n", CHUNK),
        ("size with a plus sign", b"+5\r\nhello\r\n0\r\n\r\n", CHUNK),
        ("hexadecimal prefix", b"0x5\r\nhello\r\n0\r\n\r\n", CHUNK),
        ("space before the size", b" 5\r\nhello\r\n0\r\n\r\n", CHUNK),
        ("space after the size", b"5 \r\nhello\r\n0\r\n\r\n", EXTENSION),
        ("comma after the size", b"5,5\r\nhello\r\n0\r\n\r\n", EXTENSION),
        ("bare line feed after the size", b"5\nhello\r\n0\r\n\r\n", EXTENSION),
        ("bare carriage return after the size", b"5\rhello\r\n0\r\n\r\n", "line ending"),
        ("size of 17 digits", b"10000000000000000\r\n", CHUNK),
        ("no line break after the data", b"5\r\nhello0\r\n\r\n", CHUNK),
        ("more data than said", b"3\r\nhello\r\n0\r\n\r\n", CHUNK),
        ("less data than said", b"7\r\nhello\r\n0\r\n\r\n", CHUNK),
        ("bare line feed after the data", b"5\r\nhello\n0\r\n\r\n\r\n", CHUNK),
        ("extension without a name", b"5;=a\r\nhello\r\n0\r\n\r\n", EXTENSION),
        ("extension with a bad name", b"5;(a\r\nhello\r\n0\r\n\r\n", EXTENSION),
        ("extension with a NUL", b"5;\0\r\nhello\r\n0\r\n\r\n", EXTENSION),
        ("extension without a value", b"5;a=\r\nhello\r\n0\r\n\r\n", EXTENSION),
        ("line break in a quoted extension", b'5;a="\r\nhello"\r\n0\r\n\r\n', EXTENSION),
        ("last chunk with a bad extension", b"0;=\r\n\r\n", EXTENSION),
        ("trailer without a colon", b"0\r\nBroken\r\n\r\n", "bad field"),
        ("trailer with a control character", b"0\r\nX: a\x01\r\n\r\n", "bad value"),
        ("length in the trailer", b"0\r\nContent-Length: 5\r\n\r\n", "Content-Length"),
        ("coding in the trailer", b"0\r\nTransfer-Encoding: chunked\r\n\r\n", "Transfer-Encoding"),
    ),
    *_chunks(
        413, "payload_too_large",
        ("largest size there is", b"ffffffffffffffff\r\n", f"MAX_UPLOAD_BYTES, {MAX_UPLOAD}"),
        ("size over the limit", b"%x\r\n" % (MAX_UPLOAD + 1), f"MAX_UPLOAD_BYTES, {MAX_UPLOAD}"),
        ("sum over the limit", (b"ffff\r\n" + bytes(0xFFFF) + b"\r\n") * 4, f"MAX_UPLOAD_BYTES, {MAX_UPLOAD}"),
        ("one byte over the limit", b"%x\r\n" % MAX_UPLOAD + bytes(MAX_UPLOAD) + b"\r\n1\r\na\r\n", "MAX_UPLOAD_BYTES"),
    ),
]  # fmt: skip

TOO_LARGE: list[Case] = [
    Case(f"Content-Length: {length}", HEAD + b"Content-Length: %d\r\n\r\n" % length, 413, "payload_too_large",
         f"{length} bytes; MAX_UPLOAD_BYTES allows {MAX_UPLOAD}", closes=True)
    for length in (MAX_UPLOAD + 1, 10**9, 2**63, 2**64 - 1)
] + [
    Case("body one byte over the limit", HEAD + b"Content-Length: %d\r\n\r\n" % (MAX_UPLOAD + 1) + bytes(MAX_UPLOAD + 1),
         413, "payload_too_large", "MAX_UPLOAD_BYTES", closes=True),
    # A chunk's extension and the trailer belong to no limit of the body: they must not grow for ever.
    Case("extension of 300,000 bytes", HEAD + CHUNKED + b"\r\n5;" + b"a" * 300_000 + b"\r\nhello\r\n0\r\n\r\n", 400,
         "bad_request", ".", closes=True),
    Case("trailer of 300,000 bytes", HEAD + CHUNKED + b"\r\n0\r\n" + b"X: y\r\n" * 50_000 + b"\r\n", 400, "bad_request",
         ".", closes=True),
]  # fmt: skip

CLIENT_HELLO = bytes.fromhex("16030100a5010000a10303") + random.Random(3).randbytes(155)

PROTOCOLS: list[Case] = [
    Case(f"protocol: {name}", data, 400, "bad_request", says, closes=True)
    for name, data, says in [
        ("TLS", CLIENT_HELLO, "bad method"),
        ("SSH", b"SSH-2.0-OpenSSH_9.2\r\n", "bad method"),
        ("SMTP", b"EHLO localhost\r\n", "bad target"),
        ("FTP", b"USER anonymous\r\n", "bad target"),
        ("Redis", b"*1\r\n$4\r\nPING\r\n", "bad method"),
        ("SOCKS 5", b"\x05\x01\x00", "bad method"),
        ("PostgreSQL", b"\0\0\0\x08\x04\xd2\x16\x2f", "bad method"),
        ("JSON", b'{"method": "GET"}\r\n', "bad method"),
        ("XML", b"<?xml version='1.0'?>\r\n", "bad method"),
        ("a picture", png(), "bad method"),
        ("zeros", bytes(4096), "bad method"),
        ("ones", b"\xff" * 4096, "bad method"),
    ]
] + [
    Case(f"protocol: {name}", data, 505, "version_unsupported", "HTTP/1.1", closes=True)
    for name, data in [
        ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"),
        ("RTSP", b"OPTIONS rtsp://localhost/ RTSP/1.0\r\nCSeq: 1\r\n\r\n"),
        ("SIP", b"INVITE sip:a@localhost SIP/2.0\r\n\r\n"),
        ("PROXY", b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"),
    ]
]  # fmt: skip


def garbage(count: int) -> list[bytes]:
    """Random bytes, and random bytes behind a good beginning."""
    source = random.Random(20)
    beginnings = (b"", b"GET ", b"GET /healthz ", b"GET /healthz HTTP/1.1\r\n", HEAD, HEAD + CHUNKED + b"\r\n")
    return [beginnings[i % len(beginnings)] + source.randbytes(1 + source.randrange(300)) + b"\r\n\r\n" for i in range(count)]
