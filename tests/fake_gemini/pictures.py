"""Pictures: the small annotated charts the fake answers with, and the size of the pictures it is sent."""

from __future__ import annotations

import base64
import functools
import struct
import zlib

WIDTH, HEIGHT = 96, 64


@functools.cache
def annotated_png(shift: int = 0) -> bytes:
    """A valid 96x64 RGB PNG: axes, a rising line and a red box around its end. `shift` makes it differ."""
    rows = [bytearray(b"\xff" * (WIDTH * 3)) for _ in range(HEIGHT)]

    def dot(x: int, y: int, colour: tuple[int, int, int]) -> None:
        rows[y][x * 3 : x * 3 + 3] = bytes(colour)

    for x in range(8, WIDTH - 4):
        dot(x, HEIGHT - 8, (0, 0, 0))
    for y in range(4, HEIGHT - 8):
        dot(8, y, (0, 0, 0))
    for x in range(9, WIDTH - 8):
        y = HEIGHT - 12 - (x - 9) // 2 - shift % 4
        dot(x, y, (31, 119, 180))
        dot(x, y + 1, (31, 119, 180))
    for x in range(72, 94):
        dot(x, 5, (220, 0, 0))
        dot(x, 27, (220, 0, 0))
    for y in range(5, 28):
        dot(72, y, (220, 0, 0))
        dot(93, y, (220, 0, 0))
    return encode_png(WIDTH, HEIGHT, b"".join(b"\x00" + bytes(row) for row in rows))


def encode_png(width: int, height: int, filtered_rows: bytes) -> bytes:
    """A PNG file (8-bit RGB) around rows that each begin with their filter byte."""

    def chunk(kind: bytes, payload: bytes) -> bytes:
        return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(filtered_rows, 6))
        + chunk(b"IEND", b"")
    )


def plain_png(width: int, height: int) -> bytes:
    """A white PNG of any size, for tests."""
    return encode_png(width, height, (b"\x00" + b"\xff" * (width * 3)) * height)


@functools.cache
def annotated_jpeg() -> bytes:
    """The same chart as a valid baseline JPEG."""
    return base64.b64decode(JPEG_BASE64)


def sniff(data: bytes) -> tuple[str, int, int] | None:
    """(true MIME type, width, height) read from the header, or None if these bytes are no picture we know.

    HEIC and HEIF are recognised by their brand only; their size is given as 0 x 0.
    """
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        if len(data) >= 33 and data[12:16] == b"IHDR":
            width, height = struct.unpack(">II", data[16:24])
            return ("image/png", width, height) if width and height else None
        return None
    if data[:3] == b"\xff\xd8\xff":
        size = _jpeg_size(data)
        return ("image/jpeg", *size) if size else None
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        size = _webp_size(data)
        return ("image/webp", *size) if size else None
    if data[4:8] == b"ftyp" and len(data) >= 16:
        brand = data[8:12]
        if brand in (b"heic", b"heix", b"hevc", b"heim", b"heis"):
            return "image/heic", 0, 0
        if brand in (b"mif1", b"msf1"):
            return "image/heif", 0, 0
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Width and height from the first frame header; markers without one mean a broken file."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:
            at += 2
            continue
        length = struct.unpack(">H", data[at + 2 : at + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            if at + 9 > len(data):
                return None
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return (width, height) if width and height else None
        if marker in (0xD9, 0xDA) or length < 2:
            return None
        at += 2 + length
    return None


def _webp_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of the three kinds of WebP: lossy, lossless, extended."""
    kind = data[12:16]
    if kind == b"VP8 " and len(data) >= 30 and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L" and len(data) >= 25 and data[20] == 0x2F:
        bits = struct.unpack("<I", data[21:25])[0]
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    if kind == b"VP8X" and len(data) >= 30:
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    return None


# annotated_png(), converted once (quality 50, no metadata).
JPEG_BASE64 = (
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeX"
    "BkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCABA"
    "AGADASIAAhEBAxEB/8QAGgABAQEBAQEBAAAAAAAAAAAAAAUEAgMGB//EADkQAAAFAgEHCgUDBQAAAAAAAAABAgMEBRESFTJBVWGU0QYTFCExNn"
    "F0gbIlNFJksTVCs1FUktLT/8QAFwEBAQEBAAAAAAAAAAAAAAAAAAECA//EACERAQEAAwABAwUAAAAAAAAAAAEAAhExIRJBUXGhwdHw/9oADAMB"
    "AAIRAxEAPwD9AGenyum06NLwYOfaQ5hvfDiIjtf1GgT+T/d6meUa9hBKgAAEgAASAABIMDNRcfZQ81Tpam3EkpJ4miuRlcv3jeMdH/RoPl2/aQ"
    "j26Y6MVTf8zpj+rJf+TX+4JnK59pp2FIZ51RpSpZoMr4TVoUZ9hGOplQjQrE6u7is1pJYlqPRYttrDmd81T/MH/E4CIbmOWOSmj7/u2Cfyf7vU"
    "zyjXsIUBP5P93qZ5Rr2ELc6gAAEgAASAMsyoRoVidXdxWa0ksS1HosW21hl+I1D7COfq6ovwnqPxIyGjF62XI4WqZUI0KxOru4rNaSWJaj0WLb"
    "awmUxFRl0uI3iTDjkygsSTxOOFhLrI+xJGXqRkKcOnxoVzaRdxWc6o8S1Hpue21x4Rok+NGaYRLjGhpBISZxlXsRW+sRQfBbxPVimTrn5veHT4"
    "0K5tIu4rOdUeJaj03Pba45nfNU/zB/xOBzdS/u4m7K/6DnostyQw5IksKQys1kltg0mZ4VJ7TWf1f0GVXtvDHHH3Pf5+PpbhP5P93qZ5Rr2EKA"
    "n8n+71M8o17CFudQAZZlQjQrE6u7is1pJYlqPRYttrDL8RqH2Ec/V1RfhPUfiRkNGL1suRwtUyoRoVidXdxWa0ksS1HosW21hl+I1D7COfq6ov"
    "wnqPxIyGqHT40K5tIu4rOdUeJaj03Pba41C7DlNL2yw6fGhXNpF3FZzqjxLUem57bXGoAGVXtoA8EAAErAAAkHz1ERUZdDp7eJMOOUZssSTxOO"
    "FhLrI+xJGXqRkPoRPyFR9VQd3RwFHVE3e0OnxoVzaRdxWc6o8S1Hpue21xqE/IVH1VB3dHAMhUfVUHd0cAVewA8FQAT8hUfVUHd0cAyFR9VQd3"
    "RwErUAE/IVH1VB3dHAMhUfVUHd0cAlQAT8hUfVUHd0cAyFR9VQd3RwCVABPyFR9VQd3RwGiJAhwsfQ4jEfHbFzTZIxW7L28TCX//2Q=="
)
