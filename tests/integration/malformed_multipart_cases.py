"""Forms that cannot be read, hold no picture or two, or an option we do not allow."""

from __future__ import annotations

from error_table import MODEL, OTHER_MODEL, Case
from harness import BOUNDARY, PATH, png, request

B = BOUNDARY.encode()
FORM_TYPE = f"multipart/form-data; boundary={BOUNDARY}"
FILE_HEAD = b'Content-Disposition: form-data; name="file"; filename="chart.png"\r\n'
IMAGE = b"--" + B + b"\r\n" + FILE_HEAD + b"Content-Type: image/png\r\n\r\n" + png() + b"\r\n"
END = b"--" + B + b"--\r\n"


def part(head: bytes, body: bytes = b"value") -> bytes:
    """One part; `head` with its line ends, without the blank line."""
    return b"--" + B + b"\r\n" + head + b"\r\n" + body + b"\r\n"


def field(name: bytes, value: bytes = b"value") -> bytes:
    return part(b'Content-Disposition: form-data; name="' + name + b'"\r\n', value)


def named(parameters: bytes) -> bytes:
    """A part whose disposition goes on like this."""
    return part(b"Content-Disposition: form-data" + parameters + b"\r\n", png())


def post(body: bytes, content_type: str = FORM_TYPE, target: str = PATH) -> bytes:
    return request("POST", target, body, {"Content-Type": content_type})


def _cases(group: str, status: int, code: str, *rows: tuple[str, bytes, str]) -> list[Case]:
    return [Case(f"{group}: {name}", post(body), status, code, says) for name, body, says in rows]


def _types(status: int, code: str, says: str, *types: str) -> list[Case]:
    """The type alone is refused: before a byte of the body is read, so the connection ends."""
    return [Case(f"type: {type_}", post(IMAGE + END, type_), status, code, says, closes=True) for type_ in types]


CONTENT_TYPES: list[Case] = [
    *_types(400, "invalid_multipart", "without a boundary", "multipart/form-data", "Multipart/Form-Data; charset=utf-8"),
    *_types(
        400, "invalid_multipart", "boundary must be 1 to 70",
        'multipart/form-data; boundary=""',
        "multipart/form-data; boundary=" + "a" * 71,
        "multipart/form-data; boundary=a@b",
        "multipart/form-data; boundary=a\xe9b",
        'multipart/form-data; boundary="a;b"',
        'multipart/form-data; boundary="ends with a space "',
    ),
    *_types(
        400, "bad_request", "Content-Type: the value of 'boundary' is malformed",
        "multipart/form-data; boundary=", 'multipart/form-data; boundary="a', 'multipart/form-data; boundary=a"b',
    ),
    *_types(400, "bad_request", "'boundary' is given twice", "multipart/form-data; boundary=a; boundary=b"),
    *_types(400, "bad_request", "without '='", "multipart/form-data; boundary", "image/png; q; r=s"),
    *_types(400, "bad_request", "not a parameter name", "image/png; =a", "image/png; a b=c"),
    *_types(400, "bad_request", "without ';' between", 'image/png; a="b" c=d'),
    *_types(400, "bad_request", "more than 32 parameters", "image/png" + "".join(f"; p{i}=1" for i in range(33))),
    *_types(400, "bad_request", "not a media type", "image", "/png", "image/", "im age/png", "image/png/x", "*", ", ,"),
    *_types(
        415, "unsupported_image", "holds no image; allowed: multipart/form-data",
        "text/plain", "text/html; charset=utf-8", "application/json", "application/pdf", "application/xml",
        "application/zip", "video/mp4", "audio/mpeg", "font/woff2", "multipart/mixed; boundary=" + BOUNDARY,
        "multipart/related; boundary=" + BOUNDARY, "message/rfc822", "x/y", "images/png",
    ),
]  # fmt: skip

STRUCTURE: list[Case] = _cases(
    "structure", 400, "invalid_multipart",
    ("empty body", b"", f"no line '--{BOUNDARY}'"),
    ("a picture without a form", png(), "no line"),
    ("another boundary", (IMAGE + END).replace(B, b"other"), "no line"),
    ("boundary without its dashes", (IMAGE + END).replace(b"--" + B, B), "no line"),
    ("boundary with one dash", (IMAGE + END).replace(b"--" + B, b"-" + B), "no line"),
    ("boundary with more behind it", (IMAGE + END).replace(B, B + b"x"), "no line"),
    ("boundary in other case", (IMAGE + END).replace(B, B.upper()), "no line"),
    ("boundary within a line", b"preamble " + IMAGE[:-2], "no line"),
    ("boundary with bare carriage returns", b"--" + B + b"\r" + FILE_HEAD + b"\r\n" + png(), "no line"),
    ("preamble alone", b"This is a message with multiple parts in MIME format.\r\n", "no line"),
    ("nothing behind the boundary", b"--" + B, "part 1: its header is cut off"),
    ("nothing behind the boundary's line", b"--" + B + b"\r\n", "part 1: its header is cut off"),
    ("cut off within a header", b"--" + B + b"\r\n" + FILE_HEAD[:40], "part 1: its header is cut off"),
    ("cut off behind a header", b"--" + B + b"\r\n" + FILE_HEAD, "part 1: its header is cut off"),
    ("second header cut off", IMAGE + b"--" + B + b"\r\nContent", "part 2: its header is cut off"),
    ("no blank line", b"--" + B + b"\r\n" + FILE_HEAD + png() + b"\r\n" + END, "part 1: .* is not a header line"),
    ("1,025 parts", field(b"a") * 1024 + IMAGE + END, "more than 1024 parts"),
    ("1,500 empty parts", part(b'Content-Disposition: form-data; name=""\r\n', b"") * 1500 + END, "more than 1024 parts"),
) + _cases(
    "structure", 400, "missing_image",
    ("last boundary alone", END, "the form has no parts"),
    ("preamble and last boundary", b"preamble\r\n" + END, "the form has no parts"),
    ("picture behind the last boundary", END + IMAGE, "the form has no parts"),
    ("boundary in the picture's name alone", field(B) + END, "no part named 'file' or 'image'; the parts are: '"),
)  # fmt: skip

NO_HEADER = "no Content-Disposition"

PART_HEADERS: list[Case] = _cases(
    "part", 400, "invalid_multipart",
    ("no header", part(b"", png()) + END, NO_HEADER),
    ("no disposition", part(b"Content-Type: image/png\r\n", png()) + END, NO_HEADER),
    ("attachment", part(b"Content-Disposition: attachment; name=file\r\n", png()) + END, "'attachment', not 'form-data'"),
    ("empty disposition", part(b"Content-Disposition:\r\n", png()) + END, "not 'form-data'"),
    ("no name", named(b"") + END, "has no name"),
    ("file name alone", named(b'; filename="chart.png"') + END, "has no name"),
    ("name without a value", named(b"; name") + END, "without '='"),
    ("empty name without quotes", named(b"; name=") + END, "value of 'name' is malformed"),
    ("quote that does not end", named(b'; name="file') + END, "value of 'name' is malformed"),
    ("quote that ends in a backslash", named(b'; name="file\\') + END, "value of 'name' is malformed"),
    ("quote within a word", named(b'; name=fi"le') + END, "value of 'name' is malformed"),
    ("text behind the name", named(b'; name="file"x') + END, "without ';' between"),
    ("space in a parameter's name", named(b'; na me="file"') + END, "not a parameter name"),
    ("name twice", named(b'; name="file"; name="file"') + END, "'name' is given twice"),
    ("file name twice", named(b'; name="file"; filename=a; filename=b') + END, "'filename' is given twice"),
    ("33 parameters", named(b'; name="file"' + b"".join(b"; p%d=1" % i for i in range(32))) + END, "more than 32 parameters"),
    ("name that is no UTF-8", named(b'; name="\xff"') + END, "not UTF-8"),
    ("NUL in the name", named(b'; name="fi\0le"') + END, "control character"),
    ("control character in the file name", named(b'; name="file"; filename="a\x01"') + END, "control character"),
    ("carriage return in the name", named(b'; name="fi\rle"') + END, "control character"),
    ("control character in the type", part(FILE_HEAD + b"Content-Type: image/\x7fpng\r\n", png()) + END, "control character"),
    ("disposition twice", part(FILE_HEAD + FILE_HEAD, png()) + END, "Content-Disposition is given twice"),
    ("type twice", part(FILE_HEAD + b"Content-Type: a/b\r\n" * 2, png()) + END, "Content-Type is given twice"),
    ("folded", part(b'Content-Disposition: form-data;\r\n name="file"\r\n', png()) + END, "folded"),
    ("folded with a tab", part(b'Content-Disposition: form-data;\r\n\tname="file"\r\n', png()) + END, "folded"),
    ("no colon", part(FILE_HEAD + b"Broken\r\n", png()) + END, "'Broken' is not a header line"),
    ("space before the colon", part(b'Content-Disposition : form-data; name="file"\r\n', png()) + END, "not a header line"),
    ("no header name", part(b": form-data\r\n" + FILE_HEAD, png()) + END, "not a header line"),
    ("NUL in a header's name", part(b"X\0: y\r\n" + FILE_HEAD, png()) + END, "not a header line"),
    ("9,000 bytes in one line", part(FILE_HEAD + b"X: " + b"a" * 9000 + b"\r\n", png()) + END, "over 8192 bytes"),
    ("9,000 bytes in many lines", part(FILE_HEAD + b"X: abcde\r\n" * 900, png()) + END, "over 8192 bytes"),
    ("100,000 bytes without a line end", b"--" + B + b"\r\n" + b"a" * 100_000, "over 8192 bytes"),
    ("fault in the second", IMAGE + part(b"") + END, "part 2: it has no Content-Disposition"),
    *(
        (f"coding {coding.decode()}", part(FILE_HEAD + b"Content-Transfer-Encoding: " + coding + b"\r\n", png()) + END,
         f"'{coding.decode()}' is deprecated")
        for coding in (b"base64", b"BASE64", b"quoted-printable", b"x-uuencode", b"gzip", b"7 bit")
    ),
)  # fmt: skip

PICTURES: list[Case] = _cases(
    "picture", 400, "missing_image",
    ("options alone", field(b"prompt") + END, "'prompt'"),
    ("another field", named(b'; name="picture"; filename="chart.png"') + END, "'picture'"),
    ("field of another case", named(b'; name="File"') + END, "'File'"),
    ("field in PHP's style", named(b'; name="file[]"') + END, r"'file\[\]'"),
    ("field with a space", named(b'; name="file "') + END, "'file '"),
    ("empty name", named(b'; name=""') + END, "no part named 'file' or 'image'"),
    ("15 other fields", b"".join(field(b"f%d" % i) for i in range(15)) + END, "'f9' and 5 more"),
    ("empty file", part(FILE_HEAD, b"") + END, "the part 'file' is empty"),
    ("empty image", field(b"image", b"") + END, "the part 'image' is empty"),
    ("file that is not there", b"--" + B + b"\r\n" + FILE_HEAD + b"\r\n", "the part 'file' is empty"),
) + _cases(
    "picture", 400, "invalid_multipart",
    ("two files", IMAGE + IMAGE + END, "more than one part named 'file' or 'image'"),
    ("file and image", IMAGE + field(b"image", png()) + END, "more than one part"),
    ("file, and an empty one", IMAGE + part(FILE_HEAD, b"") + END, "more than one part"),
) + _cases(
    "picture", 415, "unsupported_image",
    ("text", part(FILE_HEAD, b"hello") + END, "not an image"),
    ("line break before the picture", part(FILE_HEAD, b"\r\n" + png()) + END, "not an image"),
    ("base64 of a picture", part(FILE_HEAD, b"iVBORw0KGgoAAAANSUhEUgAAABAAAAAJCAIAAAC0SDtlAAAA") + END, "not an image"),
    ("nested form", part(FILE_HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n",
                         b"--x\r\nContent-Type: image/png\r\n\r\n" + png() + b"\r\n--x--") + END, "not an image"),
)  # fmt: skip

GIVEN_TWICE = "given twice"
BAD_OPTIONS: list[tuple[str, bytes, bytes, str]] = [
    ("unknown model", b"model", b"gpt-7", f"model: 'gpt-7' is not allowed; allowed: .*{MODEL}"),
    ("model not allowed here", b"model", b"gemini-2.5-flash", f"allowed: .*{OTHER_MODEL}"),
    ("model in another case", b"model", MODEL.upper().encode(), "is not allowed"),
    ("model with a path", b"model", b"models/../x", "is not allowed"),
    ("prefix of a model alone", b"model", b"models/", "'models/' is not allowed"),
    ("model with a line break", b"model", MODEL.encode() + b"\r\nX: y", "is not allowed"),
    ("model with a space", b"model", MODEL.encode() + b" ", "is not allowed"),
    ("model that is no UTF-8", b"model", b"\xff\xfe", "is not allowed"),
    ("model of 10,000 bytes", b"model", b"m" * 10_000, "is not allowed"),
    ("local engine", b"engine", b"local", "engine: 'local' is not available in this version; allowed: auto, gemini"),
    ("both engines", b"engine", b"both", "engine: 'both' is not available in this version"),
    ("unknown engine", b"engine", b"gpt", "engine: 'gpt' is not an engine; allowed: auto, gemini"),
    ("engine in another case", b"engine", b"Gemini", "is not an engine"),
    ("engine with a NUL", b"engine", b"auto\0", "is not an engine"),
    ("annotate maybe", b"annotate", b"maybe", "annotate: 'maybe' is neither yes nor no; allowed: 1, true"),
    ("annotate 2", b"annotate", b"2", "neither yes nor no"),
    ("annotate with a space", b"annotate", b" yes", "neither yes nor no"),
    ("prompt of 32,769 bytes", b"prompt", b"a" * 32_769, "prompt: 32769 bytes; allowed: at most 32768"),
    ("prompt with a NUL", b"prompt", b"a\0b", "prompt: holds a NUL"),
    ("prompt that is no UTF-8", b"prompt", b"\xff", "prompt: not UTF-8"),
    ("prompt in Latin 1", b"prompt", b"caf\xe9", "prompt: not UTF-8"),
    ("prompt with a surrogate", b"prompt", b"\xed\xa0\x80", "prompt: not UTF-8"),
    ("prompt in UTF-16", b"prompt", "Hi".encode("utf-16"), "prompt:"),
]  # fmt: skip

GOOD_OPTIONS = (("prompt", b"a"), ("model", MODEL.encode()), ("engine", b"auto"), ("annotate", b"yes"))
OPTIONS: list[Case] = [
    *_cases("option", 400, "invalid_option", *((name, IMAGE + field(key, value) + END, says)
                                               for name, key, value, says in BAD_OPTIONS)),
    *_cases("option before the file", 400, "invalid_option", *((name, field(key, value) + IMAGE + END, says)
                                                               for name, key, value, says in BAD_OPTIONS[::5])),
    *_cases("option", 400, "invalid_option", *((f"{name} twice", IMAGE + field(name.encode(), value) * 2 + END,
                                                f"{name}: {GIVEN_TWICE}") for name, value in GOOD_OPTIONS)),
]  # fmt: skip


def _queries(*rows: tuple[str, str]) -> list[Case]:
    return [
        Case(f"query: {query}", post(IMAGE + END, target=f"{PATH}?{query}"), 400, "invalid_option", says, closes=True)
        for query, says in rows
    ]


QUERIES: list[Case] = _queries(
    ("model=gpt-7", "model: 'gpt-7' is not allowed"),
    ("engine=local", "engine: 'local' is not available"),
    ("engine=gpt", "engine: 'gpt' is not an engine"),
    ("annotate=maybe", "annotate: 'maybe'"),
    ("annotate=+1", "annotate: ' 1'"),
    ("prompt=a&prompt=b", "prompt: given twice"),
    ("engine=auto&engine=auto", "engine: given twice"),
    ("filename=a&filename=b", "filename: given twice"),
    ("m%6fdel=gpt-7", "model: 'gpt-7' is not allowed"),
)
