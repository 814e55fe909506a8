"""Requests that are not HTTP, or not HTTP we take: request line, target, headers. Bodies: malformed_framing_cases.py."""

from __future__ import annotations

from error_table import Case

REST = b"Host: localhost\r\n\r\n"
BAD_METHOD, BAD_TARGET, BAD_VERSION = "bad method", "bad target", r"HTTP/1\.1"


def _lines(code: str, status: int, says: str, *rows: tuple[str, bytes]) -> list[Case]:
    return [Case(name, line + b"\r\n" + REST, status, code, says, closes=True) for name, line in rows]


REQUEST_LINES: list[Case] = [
    *_lines(
        "bad_request", 400, BAD_METHOD,
        ("empty request line", b""),
        ("no method", b" /healthz HTTP/1.1"),
        ("method alone", b"GET"),
        ("space before the method", b"  GET /healthz HTTP/1.1"),
        ("tab before the method", b"\tGET /healthz HTTP/1.1"),
        ("tab after the method", b"GET\t/healthz HTTP/1.1"),
        ("parenthesis in the method", b"GE(T /healthz HTTP/1.1"),
        ("at sign in the method", b"G@T /healthz HTTP/1.1"),
        ("colon in the method", b"GET: /healthz HTTP/1.1"),
        ("slash in the method", b"G/T /healthz HTTP/1.1"),
        ("NUL in the method", b"GE\0T /healthz HTTP/1.1"),
        ("escape in the method", b"G\x1bT /healthz HTTP/1.1"),
        ("DEL in the method", b"G\x7fT /healthz HTTP/1.1"),
        ("UTF-8 in the method", b"G\xc3\x89T /healthz HTTP/1.1"),
        ("byte order mark", b"\xef\xbb\xbfGET /healthz HTTP/1.1"),
        ("bare line feed after the method", b"GET\n/healthz HTTP/1.1"),
        ("an answer instead of a request", b"HTTP/1.1 200 OK"),
    ),
    *_lines(
        "bad_request", 400, BAD_TARGET,
        ("no version", b"GET /healthz"),
        ("no target", b"GET HTTP/1.1"),
        ("two spaces before the target", b"GET  /healthz HTTP/1.1"),
        ("tab before the version", b"GET /healthz\tHTTP/1.1"),
        ("tab in the target", b"GET /heal\tthz HTTP/1.1"),
        ("NUL in the target", b"GET /heal\0thz HTTP/1.1"),
        ("control character in the target", b"GET /\x01 HTTP/1.1"),
        ("DEL in the target", b"GET /\x7f HTTP/1.1"),
        ("carriage return in the target", b"GET /a\rb HTTP/1.1"),
        ("line feed in the target", b"GET /a\nb HTTP/1.1"),
    ),
    *_lines(
        "version_unsupported", 505, BAD_VERSION,
        ("HTTP/0.9", b"GET /healthz HTTP/0.9"),
        ("HTTP/1.2", b"GET /healthz HTTP/1.2"),
        ("HTTP/1.9", b"GET /healthz HTTP/1.9"),
        ("HTTP/2.0", b"GET /healthz HTTP/2.0"),
        ("HTTP/2", b"GET /healthz HTTP/2"),
        ("HTTP/3.0", b"GET /healthz HTTP/3.0"),
        ("HTTP/9.9", b"GET /healthz HTTP/9.9"),
        ("lower-case version", b"GET /healthz http/1.1"),
        ("version without a minor number", b"GET /healthz HTTP/1"),
        ("version of three digits", b"GET /healthz HTTP/1.10"),
        ("version with a letter", b"GET /healthz HTTP/1.x"),
        ("version with a comma", b"GET /healthz HTTP/1,1"),
        ("version with a space", b"GET /healthz HTTP 1.1"),
        ("version of another name", b"GET /healthz HTTPS/1.1"),
        ("two spaces before the version", b"GET /healthz  HTTP/1.1"),
        ("space after the version", b"GET /healthz HTTP/1.1 "),
        ("space in the target", b"GET /heal thz HTTP/1.1"),
        ("bare carriage return after the version", b"GET /healthz HTTP/1.1\rHost: a"),
        ("bare line feed after the version", b"GET /healthz HTTP/1.1\nHost: a"),
    ),
]  # fmt: skip


def _targets(status: int, code: str, *rows: tuple[str, bytes, str]) -> list[Case]:
    return [
        Case(f"target: {name}", b"GET " + target + b" HTTP/1.1\r\n" + REST, status, code, says, method="GET")
        for name, target, says in rows
    ]


PERCENT, CONTROL = "'%' must be followed by two hexadecimal digits", "control characters"
BEGINNING = "must begin with '/' or be an http or https URL"

TARGETS: list[Case] = [
    *_targets(
        400, "bad_request",
        ("percent at the end", b"/healthz%", PERCENT),
        ("percent and one digit", b"/healthz%2", PERCENT),
        ("percent and no digits", b"/%zz", PERCENT),
        ("percent and a sign", b"/%+1", PERCENT),
        ("encoded NUL", b"/healthz%00", CONTROL),
        ("encoded line feed", b"/healthz%0a", CONTROL),
        ("encoded carriage return", b"/%0dhealthz", CONTROL),
        ("encoded escape", b"/%1b", CONTROL),
        ("encoded DEL", b"/%7f", CONTROL),
        ("encoded byte that is no UTF-8", b"/%ff", "not UTF-8"),
        ("byte that is no UTF-8", b"/\xff", "not UTF-8"),
        ("overlong slash", b"/..%c0%af", "not UTF-8"),
        ("surrogate", b"/%ed%a0%80", "not UTF-8"),
        ("beyond Unicode", b"/%f5%80%80%80", "not UTF-8"),
        ("UTF-8 cut off", b"/%e2%82", "not UTF-8"),
        ("encoded slash", b"/v1%2fanalyses", "encoded slash"),
        ("encoded slash in capitals", b"/v1%2Fanalyses", "encoded slash"),
        ("fragment", b"/healthz#top", "fragment"),
        ("fragment in the query", b"/healthz?a#b", "fragment"),
        ("no slash", b"healthz", BEGINNING),
        ("query alone", b"?a=b", BEGINNING),
        ("authority alone", b"localhost:80", BEGINNING),
        ("another scheme", b"ftp://localhost/healthz", BEGINNING),
        ("file URL", b"file:///etc/passwd", BEGINNING),
        ("URL without a host", b"http:///healthz", BEGINNING),
        ("URL without a scheme", b"://localhost/healthz", BEGINNING),
        ("backslash", b"\\healthz", BEGINNING),
        ("bad percent in a parameter's name", b"/healthz?%g1=x", PERCENT),
        ("bad percent in a parameter's value", b"/healthz?prompt=%", "'prompt'.*" + PERCENT),
        ("NUL in a parameter", b"/healthz?prompt=%00", "'prompt'.*" + CONTROL),
        ("parameter that is no UTF-8", b"/healthz?prompt=%80", "'prompt'.*not UTF-8"),
        ("101 parameters", b"/healthz?" + b"a&" * 101, "more than 100 parameters"),
    ),
    *_targets(
        404, "not_found",
        ("unknown path", b"/nothing", "no such path"),
        ("slash at the end", b"/healthz/", "no such path"),
        ("other case", b"/HealthZ", "no such path"),
        ("two slashes", b"//healthz", "no such path"),
        ("dot segments", b"/v1/../healthz", "no such path"),
        ("escaped dot segments", b"/%2e%2e/etc/passwd", "no such path"),
        ("path parameter", b"/healthz;a=b", "no such path"),
        ("another version", b"/v2/analyses", "no such path"),
        ("asterisk", b"*", "no such path"),
        ("emoji", "/📈".encode(), "no such path"),
        ("URL with an unknown path", b"http://localhost/nothing", "no such path"),
    ),
    *_targets(
        414, "target_too_long",
        ("8,193 bytes", b"/" + b"a" * 8192, "8193 bytes, at most 8192"),
        ("8,193 bytes of query", b"/healthz?" + b"a" * 8184, "8193 bytes, at most 8192"),
    ),
    Case("target longer than a header may be", b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n" + REST, 431, "headers_too_large",
         "MAX_HEADER_BYTES, 16384", closes=True),
]  # fmt: skip


def _headers(status: int, code: str, *rows: tuple[str, bytes, str]) -> list[Case]:
    """Each row's bytes stand between a good request line and the end of the header."""
    start = b"GET /healthz HTTP/1.1\r\n"
    return [Case(f"header: {name}", start + lines + b"\r\n", status, code, says, True) for name, lines, says in rows]


HOST = b"Host: localhost\r\n"
BAD_FIELD, BAD_VALUE, BAD_ENDING = "bad field", "bad value", "bad line ending"

HEADERS: list[Case] = [
    *_headers(
        400, "bad_request",
        ("no colon", HOST + b"Broken\r\n", BAD_FIELD),
        ("no name", HOST + b": value\r\n", BAD_FIELD),
        ("space before the colon", b"Host : localhost\r\n", BAD_FIELD),
        ("tab before the colon", HOST + b"Accept\t: */*\r\n", BAD_FIELD),
        ("space in the name", HOST + b"Ac cept: */*\r\n", BAD_FIELD),
        ("space before the first name", b" " + HOST, BAD_FIELD),
        ("parenthesis in the name", HOST + b"Acc(ept: */*\r\n", BAD_FIELD),
        ("slash in the name", HOST + b"Acc/ept: */*\r\n", BAD_FIELD),
        ("quote in the name", HOST + b'Acc"ept: */*\r\n', BAD_FIELD),
        ("NUL in the name", HOST + b"Acc\0ept: */*\r\n", BAD_FIELD),
        ("UTF-8 in the name", HOST + b"Acc\xc3\xa9pt: */*\r\n", BAD_FIELD),
        ("DEL in the name", HOST + b"Acc\x7fept: */*\r\n", BAD_FIELD),
        ("NUL in the value", HOST + b"Accept: a\0b\r\n", BAD_VALUE),
        ("control character in the value", HOST + b"Accept: a\x01b\r\n", BAD_VALUE),
        ("vertical tab in the value", HOST + b"Accept: a\x0bb\r\n", BAD_VALUE),
        ("escape in the value", HOST + b"Accept: \x1b[31m\r\n", BAD_VALUE),
        ("DEL in the value", HOST + b"Accept: a\x7f\r\n", BAD_VALUE),
        ("bare line feed in the value", HOST + b"Accept: a\nX-Smuggled: b\r\n", BAD_VALUE),
        ("bare carriage return in the value", HOST + b"Accept: a\rX-Smuggled: b\r\n", BAD_ENDING),
        ("two carriage returns", HOST + b"Accept: a\r\r\n", BAD_ENDING),
        ("bare line feeds throughout", b"Host: localhost\nAccept: */*\n\n", BAD_VALUE),
        ("bare line feed for the last line", HOST + b"\n", BAD_FIELD),
        ("bare carriage return for the last line", HOST + b"\rX", BAD_ENDING),
        ("request line twice", b"GET /healthz HTTP/1.1\r\n" + HOST, BAD_FIELD),
        ("broken Connection", HOST + b"Connection: close@\r\n", BAD_VALUE),
        ("no Host", b"Accept: */*\r\n", "Host header is missing"),
        ("no header at all", b"", "Host header is missing"),
        ("two Hosts", HOST + HOST, "more than one Host"),
        ("two different Hosts", HOST + b"HOST: other\r\n", "more than one Host"),
        ("space in the Host", b"Host: a b\r\n", "Host"),
        ("user in the Host", b"Host: user@localhost\r\n", "Host"),
        ("path in the Host", b"Host: localhost/healthz\r\n", "Host"),
        ("list in the Host", b"Host: a, b\r\n", "Host"),
    ),
    *_headers(
        431, "headers_too_large",
        ("one of 17,000 bytes", HOST + b"X: " + b"a" * 17_000 + b"\r\n", "MAX_HEADER_BYTES, 16384"),
        ("name of 17,000 bytes", HOST + b"a" * 17_000 + b": x\r\n", "MAX_HEADER_BYTES, 16384"),
        ("folded to 17,000 bytes", HOST + b"X: a\r\n" + b" bcd\r\n" * 3000, "MAX_HEADER_BYTES, 16384"),
        ("300 of 100 bytes", HOST + b"".join(b"X-%03d: " % i + b"a" * 91 + b"\r\n" for i in range(300)), "MAX_HEADER_BYTES"),
        ("1,000 of 100 bytes", HOST + b"".join(b"X-%03d: " % i + b"a" * 91 + b"\r\n" for i in range(1000)), "MAX_HEADER_BYTES"),
        ("1,900 of 100 bytes", HOST + b"".join(b"X-%04d: " % i + b"a" * 90 + b"\r\n" for i in range(1900)), "MAX_HEADER_BYTES"),
        ("10,000 of the shortest", HOST + b"a:\r\n" * 10_000, "MAX_HEADER_BYTES"),
    ),
    Case("method of 20,000 bytes", b"A" * 20_000 + b" / HTTP/1.1\r\n" + REST, 431, "headers_too_large",
         "MAX_HEADER_BYTES", True),
]  # fmt: skip
