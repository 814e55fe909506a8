"""Pictures in pieces, so that a test can break exactly one: PNG chunks, JPEG segments, WebP chunks."""

from __future__ import annotations

import base64
import struct
import sys
import zlib
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "fake_gemini"))

from pictures import annotated_jpeg  # noqa: E402

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes = b"", crc: int | None = None) -> bytes:
    """A PNG chunk, its CRC right unless one is given."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data) if crc is None else crc)


def ihdr(width: int = 16, height: int = 8, depth: int = 8, colour: int = 2, compression: int = 0, filtering: int = 0,
         interlace: int = 0) -> bytes:  # fmt: skip
    """The header chunk. Colours: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA."""
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, compression, filtering, interlace))


def rows(width: int = 16, height: int = 8, bytes_a_pixel: int = 3, filtering: int = 0) -> bytes:
    """Pixels as they stand before compression, all black."""
    return (bytes([filtering]) + bytes(width * bytes_a_pixel)) * height


def idat(raw: bytes | None = None) -> bytes:
    return chunk(b"IDAT", zlib.compress(rows() if raw is None else raw))


IEND = chunk(b"IEND")
PALETTE = chunk(b"PLTE", bytes(range(12)))


def png_of(*chunks: bytes) -> bytes:
    return SIGNATURE + b"".join(chunks)


GOOD_PNG = png_of(ihdr(), idat(), IEND)
PALETTE_PNG = png_of(ihdr(colour=3), PALETTE, idat(rows(bytes_a_pixel=1)), IEND)

# ------------------------------------------------------------------------------------------------------------- JPEG

GOOD_JPEG = annotated_jpeg()  # baseline, 96 x 64
SOI, EOI = b"\xff\xd8", b"\xff\xd9"
SOF0, DHT, SOS, DQT = 0xC0, 0xC4, 0xDA, 0xDB


def segment(marker: int, payload: bytes, length: int | None = None) -> bytes:
    """A JPEG segment, its length right unless one is given."""
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2 if length is None else length) + payload


def _segments(jpeg: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """The segments up to and with the first scan's header, and the scan's data without the end marker."""
    found, at = [], 2
    while True:
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        found.append((marker, jpeg[at + 4 : at + 2 + length]))
        at += 2 + length
        if marker == SOS:
            return found, jpeg[at:-2]


SEGMENTS, SCAN = _segments(GOOD_JPEG)


def jpeg_with(replaced: dict[int, bytes] | None = None, scan: bytes = SCAN, before: dict[int, bytes] | None = None) -> bytes:
    """The good JPEG with the bytes of all segments of a marker replaced (b"" leaves them out), or with bytes
    before the first segment of a marker."""
    out, waiting = SOI, dict(before or {})
    for marker, payload in SEGMENTS:
        out += waiting.pop(marker, b"")
        out += (replaced or {}).get(marker, segment(marker, payload))
    return out + scan + EOI


def sof(width: int = 96, height: int = 64, components: int = 3, precision: int = 8, marker: int = SOF0) -> bytes:
    """A frame header; the tables it names are those of the good JPEG."""
    listed = b"".join(bytes([number + 1, 0x22 if number == 0 else 0x11, min(number, 1)]) for number in range(components))
    return segment(marker, struct.pack(">BHHB", precision, height, width, components) + listed)


def sos(components: int, listed: int | None = None) -> bytes:
    """A scan header that says `components` and lists `listed` of them."""
    count = components if listed is None else listed
    return segment(SOS, bytes([components]) + b"".join(bytes([n + 1, 0]) for n in range(count)) + b"\0\x3f\0")


assert jpeg_with() == GOOD_JPEG

# ------------------------------------------------------------------------------------------------------------- WebP

# Both 16 x 8 pixels, made once with an encoder.
VP8 = base64.b64decode("cAEAnQEqEAAIAAVAfCWwAnQBQAAA/tb1l/1yAT//sg/+x6P/Y6u7ab8SgfRBkkF+koH0QZ1t6N4fBC/dSwyAAA==")
VP8L = base64.b64decode("Lw/AAQAnIBBI0tkfcA2BbLIc7q+aQCDJ32yq5z/+FQCAQbaRqnAKp3AK78/1CBH9j4SNPy13fw==")


def webp_chunk(name: bytes, data: bytes, size: int | None = None) -> bytes:
    return name + struct.pack("<I", len(data) if size is None else size) + data + b"\0" * (len(data) % 2)


def webp(*chunks: bytes, more: int = 0) -> bytes:
    """A WebP file whose header claims `more` bytes than there are."""
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body) + more) + body


def vp8x(width: int = 16, height: int = 8, flags: int = 0) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return webp_chunk(b"VP8X", bytes([flags, 0, 0, 0]) + sides)


def vp8l(width: int, height: int, version: int = 0) -> bytes:
    """A lossless picture's header, with the good one's data behind it."""
    return b"/" + struct.pack("<I", (width - 1) | (height - 1) << 14 | version << 29) + VP8L[5:]
