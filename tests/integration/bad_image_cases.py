"""Uploads that are no picture we take, or one whose structure is broken or over a limit: all refused before Gemini is asked."""

from __future__ import annotations

import base64
import gzip
import struct
import zlib

from error_table import MAX_PIXELS, MAX_SIDE, Case
from harness import post_raw
from image_writers import (
    DHT, DQT, EOI, GOOD_JPEG, GOOD_PNG, IEND, PALETTE, PALETTE_PNG, SEGMENTS, SIGNATURE, SOF0, SOI, SOS, VP8, VP8L,
    chunk, idat, ihdr, jpeg_with, png_of, rows, segment, sof, sos, vp8l, vp8x, webp, webp_chunk,
)  # fmt: skip


def _cases(group: str, status: int, code: str, *rows_: tuple[str, bytes, str]) -> list[Case]:
    return [Case(f"{group}: {name}", post_raw(image), status, code, says) for name, image, says in rows_]


UNKNOWN = "not an image of a known format; allowed: image/png, image/jpeg, image/webp"


def _not_accepted(type_: str) -> str:
    return type_.replace("+", r"\+") + " is not accepted; allowed: image/png, image/jpeg, image/webp"


def _media_file(brand: bytes) -> bytes:
    return struct.pack(">I", 24) + b"ftyp" + brand + b"\0\0\0\0" + brand + b"mif1" + bytes(200)


NOT_IMAGES: list[Case] = _cases(
    "not an image", 415, "unsupported_image",
    ("text", b"hello", UNKNOWN),
    ("one byte", b"\x89", UNKNOWN),
    ("zeros", bytes(1000), UNKNOWN),
    ("ones", b"\xff" * 1000, UNKNOWN),
    ("HTML", b"<!DOCTYPE html><html><body>Not found</body></html>", UNKNOWN),
    ("JSON", b'{"image": "chart.png"}', UNKNOWN),
    ("JavaScript", b"export default 1;", UNKNOWN),
    ("text in UTF-16", "chart".encode("utf-16"), UNKNOWN),
    ("text that begins with BM", b"BMW shares rose by a third in the second quarter.", UNKNOWN),
    ("program", b"\x7fELF\x02\x01\x01" + bytes(57), UNKNOWN),
    ("Windows program", b"MZ\x90\0" + bytes(60), UNKNOWN),
    ("ZIP", b"PK\x03\x04" + bytes(26), UNKNOWN),
    ("gzip of a picture", gzip.compress(GOOD_PNG, mtime=0), UNKNOWN),
    ("base64 of a picture", base64.b64encode(GOOD_PNG), UNKNOWN),
    ("data URL", b"data:image/png;base64," + base64.b64encode(GOOD_PNG), UNKNOWN),
    ("sound", b"RIFF\x24\0\0\0WAVEfmt " + bytes(28), UNKNOWN),
    ("film", _media_file(b"isom"), UNKNOWN),
    ("icon", b"\0\0\x01\0\x01\0\x10\x10" + bytes(54), UNKNOWN),
    ("PSD", b"8BPS\0\x01" + bytes(30), UNKNOWN),
    ("JPEG 2000", b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(30), UNKNOWN),
    ("PNG without its first byte", GOOD_PNG[1:], UNKNOWN),
    ("PNG transferred as text", GOOD_PNG.replace(b"\r\n", b"\n"), UNKNOWN),
    ("PNG with seven bits", bytes(byte & 0x7F for byte in GOOD_PNG), UNKNOWN),
    ("half a PNG signature", SIGNATURE[:4], UNKNOWN),
    ("JPEG without its second byte", b"\xff\xff" + GOOD_JPEG[2:], UNKNOWN),
    ("half a JPEG marker", SOI, UNKNOWN),
    ("WebP of another name", webp(webp_chunk(b"VP8 ", VP8)).replace(b"WEBP", b"WEBQ"), UNKNOWN),
    ("WebP of ten bytes", webp()[:10], UNKNOWN),
    ("GIF 87", b"GIF87a" + bytes(20), _not_accepted("image/gif")),
    ("GIF 89", b"GIF89a\x01\0\x01\0\0\0\0;", _not_accepted("image/gif")),
    ("BMP", b"BM" + struct.pack("<IIII", 58, 0, 54, 40) + bytes(40), _not_accepted("image/bmp")),
    ("TIFF, little end first", b"II*\0" + bytes(20), _not_accepted("image/tiff")),
    ("TIFF, big end first", b"MM\0*" + bytes(20), _not_accepted("image/tiff")),
    ("big TIFF", b"II+\0" + bytes(20), _not_accepted("image/tiff")),
    ("PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", _not_accepted("application/pdf")),
    ("SVG", b'<svg xmlns="http://www.w3.org/2000/svg"/>', _not_accepted("image/svg+xml")),
    ("SVG in XML", b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a -->\n<svg/>', _not_accepted("image/svg+xml")),
    ("HEIC", _media_file(b"heic"), _not_accepted("image/heic")),
    ("HEIF", _media_file(b"msf1"), _not_accepted("image/heif")),
    ("AVIF", _media_file(b"avif"), _not_accepted("image/avif")),
) + _cases("not an image", 400, "missing_image", ("empty body", b"", "the body is empty"))  # fmt: skip


def _truncated(label: str, image: bytes, sizes: list[int]) -> list[tuple[str, bytes, str]]:
    return [(f"ends at byte {size}", image[:size], rf"{label}: .*(\b{size}\b|left|cut)") for size in sizes]


ANIMATED = r"animated pictures .* are not accepted|animated pictures are not accepted"

PNGS: list[Case] = _cases(
    "PNG", 422, "broken_image",
    *_truncated("PNG", GOOD_PNG, [8, 9, 12, 16, 19, 29, 32, 33, 37, 41, 50, len(GOOD_PNG) - 13, len(GOOD_PNG) - 12,
                                  len(GOOD_PNG) - 5, len(GOOD_PNG) - 1]),
    ("IDAT before IHDR", png_of(idat(), ihdr(), IEND), "first chunk is IDAT, not IHDR"),
    ("Apple's own kind", png_of(chunk(b"CgBI", bytes(4)), ihdr(), idat(), IEND), "first chunk is CgBI"),
    ("IHDR of 12 bytes", png_of(chunk(b"IHDR", bytes(12)), idat(), IEND), "IHDR has 12 bytes"),
    ("IHDR of 14 bytes", png_of(chunk(b"IHDR", bytes(14)), idat(), IEND), "IHDR has 14 bytes"),
    ("IHDR with a wrong CRC", png_of(chunk(b"IHDR", ihdr()[8:21], crc=1), idat(), IEND), "IHDR chunk at byte 8 has a wrong"),
    ("second IHDR", png_of(ihdr(), ihdr(), idat(), IEND), "unexpected IHDR chunk at byte 33"),
    ("no width", png_of(ihdr(width=0), idat(), IEND), "impossible size 0x8"),
    ("no height", png_of(ihdr(height=0), idat(), IEND), "impossible size 16x0"),
    ("width of 2^31", png_of(ihdr(width=2**31), idat(), IEND), "impossible size"),
    ("height of 2^32-1", png_of(ihdr(height=2**32 - 1), idat(), IEND), "impossible size"),
    ("depth 3", png_of(ihdr(depth=3), idat(), IEND), "colour type 2 with bit depth 3"),
    ("depth 0", png_of(ihdr(depth=0), idat(), IEND), "bit depth 0"),
    ("palette of depth 16", png_of(ihdr(depth=16, colour=3), PALETTE, idat(), IEND), "colour type 3 with bit depth 16"),
    ("RGB of depth 4", png_of(ihdr(depth=4), idat(), IEND), "colour type 2 with bit depth 4"),
    *((f"colour type {n}", png_of(ihdr(colour=n), idat(), IEND), f"colour type {n}") for n in (1, 5, 7, 255)),
    ("unknown compression", png_of(ihdr(compression=1), idat(), IEND), "compression method"),
    ("unknown filter", png_of(ihdr(filtering=1), idat(), IEND), "filter method"),
    ("unknown interlace", png_of(ihdr(interlace=2), idat(), IEND), "interlace method"),
    ("no IDAT", png_of(ihdr(), IEND), "has no IDAT"),
    ("no data in IDAT", png_of(ihdr(), chunk(b"IDAT"), IEND), "IDAT holds no data"),
    ("no IEND", png_of(ihdr(), idat()), "without an IEND"),
    ("IDAT with a wrong CRC", GOOD_PNG[:45] + bytes([GOOD_PNG[45] ^ 1]) + GOOD_PNG[46:], "IDAT chunk at byte 33 has a wrong"),
    ("IEND with a wrong CRC", png_of(ihdr(), idat(), chunk(b"IEND", crc=0)), "IEND chunk .* wrong CRC"),
    ("IDAT in two places", png_of(ihdr(), idat(), chunk(b"tEXt", b"a\0b"), idat(), IEND), "does not follow the others"),
    ("chunk longer than the file", png_of(ihdr(), struct.pack(">I", 99) + idat()[4:], IEND), "claims 99 bytes"),
    ("chunk of 2^31 bytes", png_of(ihdr(), struct.pack(">I", 2**31) + idat()[4:], IEND), "claims 2147483648 bytes"),
    ("chunk of 2^32-1 bytes", png_of(ihdr(), b"\xff" * 4 + idat()[4:], IEND), "claims 4294967295 bytes"),
    ("chunk's name of digits", png_of(ihdr(), chunk(b"1234"), idat(), IEND), "no chunk begins at byte 33"),
    ("unknown critical chunk", png_of(ihdr(), chunk(b"ABCD"), idat(), IEND), "unexpected ABCD chunk"),
    ("zeros behind IHDR", png_of(ihdr(), bytes(100)), "no chunk begins at byte 33"),
    ("palette missing", png_of(ihdr(colour=3), idat(), IEND), "without a PLTE"),
    ("palette empty", png_of(ihdr(colour=3), chunk(b"PLTE"), idat(), IEND), "PLTE has 0 bytes"),
    ("palette of 4 bytes", png_of(ihdr(colour=3), chunk(b"PLTE", bytes(4)), idat(), IEND), "PLTE has 4 bytes"),
    ("palette of 257 colours", png_of(ihdr(colour=3), chunk(b"PLTE", bytes(771)), idat(), IEND), "PLTE has 771 bytes"),
    ("palette too large for its depth", png_of(ihdr(depth=1, colour=3), chunk(b"PLTE", bytes(9)), idat(), IEND), "PLTE has 9"),
    ("palette twice", png_of(ihdr(colour=3), PALETTE, PALETTE, idat(), IEND), "more than one PLTE"),
    ("palette behind IDAT", png_of(ihdr(), idat(), PALETTE, IEND), "PLTE chunk after IDAT"),
    ("a side over the limit", png_of(ihdr(width=MAX_SIDE + 1), idat(), IEND), f"2001x8 pixels; .* allows {MAX_SIDE}"),
    ("the other side over the limit", png_of(ihdr(height=MAX_SIDE + 1), idat(), IEND), "16x2001 pixels; MAX_IMAGE_SIDE"),
    ("pixels over the limit", png_of(ihdr(1001, 1000), idat(), IEND), f"= 1001000 pixels; .* allows {MAX_PIXELS}"),
    ("header of a bomb", png_of(ihdr(50_000, 50_000), idat(bytes(100_000)), IEND), "50000x50000 pixels; MAX_IMAGE_SIDE"),
) + _cases(
    "PNG", 415, "unsupported_image",
    ("animated", png_of(ihdr(), chunk(b"acTL", struct.pack(">II", 2, 0)), idat(), IEND), ANIMATED),
)  # fmt: skip

SCAN_HEADER = segment(SOS, SEGMENTS[-1][1])
OVERFULL = segment(DHT, b"\0" + b"\xff" * 16 + bytes(4080))

JPEGS: list[Case] = _cases(
    "JPEG", 422, "broken_image",
    *_truncated("JPEG", GOOD_JPEG, [3, 4, 5, 20, 100, 170, 400, len(GOOD_JPEG) // 2, len(GOOD_JPEG) - 2, len(GOOD_JPEG) - 1]),
    ("start and end alone", SOI + EOI, "has no frame header"),
    ("no frame header", jpeg_with({SOF0: b""}), "scan .* before the frame header"),
    ("no scan", jpeg_with({SOS: b""}, scan=b""), "has no scan"),
    ("scan before the frame", jpeg_with({SOF0: b"", SOS: SCAN_HEADER + sof()}), "before the frame header"),
    ("two frame headers", jpeg_with(before={SOS: sof()}), "more than one frame header"),
    ("no width", jpeg_with({SOF0: sof(width=0)}), "impossible size 0x64"),
    ("no height", jpeg_with({SOF0: sof(height=0)}), "impossible size 96x0"),
    ("two components", jpeg_with({SOF0: sof(components=2)}), "2 colour components"),
    ("no components", jpeg_with({SOF0: sof(components=0)}), "0 colour components"),
    ("frame header too short", jpeg_with({SOF0: segment(SOF0, b"\x08\0\x40")}), "too short"),
    ("frame header of a wrong length", jpeg_with({SOF0: segment(SOF0, sof()[4:] + b"\0")}), "wrong length"),
    ("scan of four components", jpeg_with({SOS: sos(4)}), "does not fit the frame header"),
    ("scan of no components", jpeg_with({SOS: sos(0)}), "does not fit"),
    ("scan that lists too few", jpeg_with({SOS: sos(3, listed=2)}), "does not fit"),
    ("65 scans", jpeg_with({SOS: SCAN_HEADER * 65}), "more than 64 scans"),
    ("segment of length 1", jpeg_with(before={SOF0: segment(0xFE, b"", length=1)}), "segment FFFE .* claims 1 bytes"),
    ("segment longer than the file", jpeg_with(before={SOF0: segment(0xFE, b"", length=65_000)}), "claims 65000 bytes"),
    ("bytes between segments", jpeg_with(before={SOF0: b"garbage"}), "no marker at byte"),
    ("restart marker outside a scan", jpeg_with(before={SOF0: b"\xff\xd0"}), "unexpected marker FFD0"),
    ("reserved marker", jpeg_with(before={SOF0: segment(0x02, b"")}), "unexpected marker FF02"),
    ("second start", jpeg_with(before={SOF0: SOI}), "unexpected marker FFD8"),
    ("Huffman table of 4,080 codes", jpeg_with({DHT: OVERFULL}), r"Huffman tables \(DHT\) .* malformed"),
    ("Huffman table cut short", jpeg_with({DHT: segment(DHT, bytes(10))}), r"\(DHT\) .* malformed"),
    ("Huffman table number 9", jpeg_with({DHT: segment(DHT, b"\x09" + bytes(16))}), r"\(DHT\) .* malformed"),
    ("quantisation table cut short", jpeg_with({DQT: segment(DQT, bytes(30))}), r"\(DQT\) .* malformed"),
    ("quantisation table number 7", jpeg_with({DQT: segment(DQT, b"\x07" + bytes(64))}), r"\(DQT\) .* malformed"),
    ("a side over the limit", jpeg_with({SOF0: sof(width=65_535)}), "65535x64 pixels; MAX_IMAGE_SIDE"),
    ("pixels over the limit", jpeg_with({SOF0: sof(1500, 1500)}), "= 2250000 pixels; MAX_IMAGE_PIXELS"),
    ("end of file behind filling", SOI + b"\xff" * 50, "ends at byte 52"),
) + _cases(
    "JPEG", 415, "unsupported_image",
    *((f"SOF{n}", jpeg_with({SOF0: sof(marker=0xC0 + n)}), rf"\(SOF{n}\) are not accepted") for n in (3, 5, 7, 9, 10, 15)),
    ("12 bits", jpeg_with({SOF0: sof(precision=12)}), "12 bits a sample"),
)  # fmt: skip

LOSSY, LOSSLESS = webp_chunk(b"VP8 ", VP8), webp_chunk(b"VP8L", VP8L)

WEBPS: list[Case] = _cases(
    "WebP", 422, "broken_image",
    *_truncated("WebP", webp(LOSSY), [12, 16, 19, 20, 25, 40, 83]),
    ("header that claims more", webp(LOSSY, more=2), "the header claims 86 bytes; the file has 84"),
    ("header that claims 4 GiB", b"RIFF\xff\xff\xff\xffWEBP" + LOSSY, "the header claims"),
    ("header that claims nothing", b"RIFF\0\0\0\0WEBP" + LOSSY, "without picture data"),
    ("chunk that claims more", webp(webp_chunk(b"VP8 ", VP8, size=65)), "claims 65 bytes; there are 64"),
    ("no picture", webp(), "without picture data"),
    ("unknown first chunk", webp(webp_chunk(b"JUNK", VP8)), "none of VP8, VP8L and VP8X"),
    ("lossy header cut short", webp(webp_chunk(b"VP8 ", VP8[:9])), "VP8 frame header is cut short"),
    ("lossy data cut short", webp(webp_chunk(b"VP8 ", VP8[:12])), "VP8 data is cut short"),
    ("no key frame", webp(webp_chunk(b"VP8 ", bytes([VP8[0] | 1]) + VP8[1:])), "no VP8 key frame"),
    ("frame that is not shown", webp(webp_chunk(b"VP8 ", bytes([VP8[0] & ~16]) + VP8[1:])), "no VP8 key frame"),
    ("wrong start code", webp(webp_chunk(b"VP8 ", VP8[:3] + b"\0" + VP8[4:])), "no VP8 key frame"),
    ("lossy without a width", webp(webp_chunk(b"VP8 ", VP8[:6] + b"\0\0" + VP8[8:])), "impossible size 0x8"),
    ("lossless header cut short", webp(webp_chunk(b"VP8L", VP8L[:4])), "VP8L header is cut short"),
    ("lossless with a wrong sign", webp(webp_chunk(b"VP8L", b"\0" + VP8L[1:])), "no VP8L picture"),
    ("lossless of version 1", webp(webp_chunk(b"VP8L", vp8l(16, 8, version=1))), "no VP8L picture"),
    ("extended header cut short", webp(webp_chunk(b"VP8X", bytes(9)), LOSSY), "VP8X header is cut short"),
    ("extended without a picture", webp(vp8x()), "without picture data"),
    ("extended with metadata alone", webp(vp8x(), webp_chunk(b"EXIF", bytes(20))), "without picture data"),
    ("canvas of another size", webp(vp8x(17, 8), LOSSY), "canvas is 17x8 pixels but the picture 16x8"),
    ("a side over the limit", webp(webp_chunk(b"VP8L", vp8l(16_384, 8))), "16384x8 pixels; MAX_IMAGE_SIDE"),
    ("pixels over the limit", webp(webp_chunk(b"VP8L", vp8l(1500, 1500))), "= 2250000 pixels; MAX_IMAGE_PIXELS"),
) + _cases(
    "WebP", 415, "unsupported_image",
    ("animated by its flag", webp(vp8x(flags=2), LOSSY), ANIMATED),
    ("animated by its chunk", webp(vp8x(), webp_chunk(b"ANIM", bytes(6))), ANIMATED),
    ("animated by its frame", webp(vp8x(), webp_chunk(b"ANMF", bytes(16) + LOSSY)), ANIMATED),
)  # fmt: skip


def _deflated(kind: bytes) -> bytes:
    """An IDAT whose CRC is right, around a stream that is not."""
    return png_of(ihdr(), chunk(b"IDAT", kind), IEND)


PIXELS = zlib.compress(rows())
# Tables in which the bit 0 is the only code.
ONE_CODE = segment(DHT, b"".join(bytes([number, 1]) + bytes(16) for number in (0x00, 0x01, 0x10, 0x11)))

# Right up to the last CRC and marker; only decoding shows that there is no picture. (name, image, detail)
BROKEN_PIXELS: list[tuple[str, bytes, str]] = [
    ("PNG of garbage", _deflated(b"\x78\x9c" + b"\xa5" * 60), "PNG cannot be decoded"),
    ("PNG of text", _deflated(b"this is not a zlib stream"), "PNG cannot be decoded"),
    ("PNG with a dictionary", _deflated(b"\x78\xbb" + PIXELS[2:]), "PNG cannot be decoded"),
    ("PNG of another compression", _deflated(b"\x79\x9c" + PIXELS[2:]), "PNG cannot be decoded"),
    ("PNG of an unknown block", _deflated(b"\x78\x9c\x07" + bytes(50)), "PNG cannot be decoded"),
    ("PNG of a stored block that lies", _deflated(b"\x78\x01\x01\x10\0\0\0" + bytes(16)), "PNG cannot be decoded"),
    ("PNG with half its stream", _deflated(PIXELS[: len(PIXELS) // 2]), "PNG cannot be decoded"),
    ("PNG with too few rows", png_of(ihdr(), idat(rows(height=7)), IEND), "PNG cannot be decoded"),
    ("PNG with rows too short", png_of(ihdr(), idat(rows(width=15)), IEND), "PNG cannot be decoded"),
    ("PNG with an unknown row filter", png_of(ihdr(), idat(rows(filtering=5)), IEND), "PNG cannot be decoded"),
    ("PNG that reaches back too far", _deflated(zlib.compress(rows())[:2] + b"\x4b\x04\x3e\x00"), "PNG cannot be decoded"),
    ("interlaced PNG with too few rows", png_of(ihdr(interlace=1), idat(rows(height=2)), IEND), "PNG cannot be decoded"),
    ("PNG bomb", png_of(ihdr(), chunk(b"IDAT", zlib.compress(bytes(50_000_000), 9)), IEND), "more memory than"),
    ("palette PNG with too few rows", PALETTE_PNG.replace(ihdr(colour=3), ihdr(height=9, colour=3)), "PNG cannot be decoded"),
    ("JPEG of codes not in its table", jpeg_with({DHT: b""}, b"\xff\0" * 50, {SOS: ONE_CODE}), "JPEG cannot be decoded"),
    ("JPEG of a component nobody knows", jpeg_with({SOS: segment(SOS, b"\x01\x09\0\0\x3f\0")}), "JPEG cannot be decoded"),
    ("JPEG of a sampling that cannot be", jpeg_with({SOF0: sof().replace(b"\x01\x22", b"\x01\x55")}), "JPEG cannot be decoded"),
]  # fmt: skip
