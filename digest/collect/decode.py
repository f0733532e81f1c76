"""Bytes to text, for senders that are wrong about their own encoding.

Order of belief: byte order mark, then UTF-8 if the bytes are valid UTF-8 (hardly ever an accident, while a
wrong "iso-8859-1" is common), then what the HTTP header says, then what the document says of itself
(XML 1.0 appendix F, HTML `meta charset`), then a guess. Nothing is refused: a byte that fits nowhere
becomes U+FFFD, so that one bad byte costs a character and not a feed.
"""

from __future__ import annotations

import codecs
import re
import zlib

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OPENINGS = (  # "<" or "<?" as it stands in an encoding without a mark
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),  # EBCDIC
)
# The labels under which browsers and Chinese sites mean the larger set (WHATWG Encoding).
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949"}
# What is met without a word about its encoding. Kept short, since a guess among more is wrong more often.
_UNDECLARED = "cp1252 cp1251 koi8_r shift_jis euc_jp gb18030 big5 cp949 cp1253 cp1255".split()
SAMPLE = 20_000  # bytes that a guess is made from
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_IN_TEXT = re.compile(rb"(?:encoding|charset)\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_NOT_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,10}));")


def text(data: bytes, content_type: str = "") -> str:
    """The text that the bytes most likely mean, without a byte order mark."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace")
    for opening, codec in _OPENINGS:
        if data.startswith(opening):
            return data.decode(codec, "replace").removeprefix("\ufeff")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(_declared(data, content_type) or _best_guess(data), "replace")


def _declared(data: bytes, content_type: str) -> str:
    """The encoding that header or document names, where it is one that fits bytes with a plain "<"."""
    header = _IN_HEADER.search(content_type)
    inside = _IN_TEXT.search(data[:2048])
    for label in (header and header[1], inside and inside[1].decode("ascii", "ignore")):
        try:
            name = codecs.lookup(label or "").name
            codec = _MEANT.get(name, name)
            data[:4096].decode(codec, "ignore")  # a codec for something else than text raises LookupError
        except (LookupError, UnicodeError, ValueError):
            continue
        if not codec.startswith(("utf-16", "utf-32", "utf-8", "utf-7", "idna", "punycode")):
            return codec
    return ""


def _best_guess(data: bytes) -> str:
    """UTF-8 with a few broken places is read as such; else what the look of a sample tells."""
    broken = data.decode("utf-8", "replace").count("\ufffd")
    high = len(data) - len(data.translate(None, bytes(range(0x80, 0x100))))
    if broken * 8 < high:
        return "utf-8"
    from charset_normalizer import from_bytes

    start = max(0, next(index for index, byte in enumerate(data) if byte > 0x7F) - SAMPLE // 10)
    guess = from_bytes(data[start : start + SAMPLE], cp_isolation=_UNDECLARED).best()
    return guess.encoding if guess else "cp1252"


def xml(data: bytes, content_type: str = "") -> str:
    """The text of an XML document, with characters and references that no XML parser takes made harmless."""
    return _REFERENCE.sub(_possible, _NOT_XML.sub("", text(data, content_type)))


def _possible(reference: re.Match[str]) -> str:
    """`&#xD800;` and `&#0;` end most parsers (feedparser 6.0 raises); `&#146;` means what cp1252 has."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    if 0x80 <= code < 0xA0:
        return bytes([code]).decode("cp1252", "ignore")
    legal = (
        code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    )
    return reference[0] if legal else "\ufffd"


def inflated(data: bytes, limit: int) -> bytes:
    """A .gz body unpacked, at most `limit` + 1 bytes of it, so that a bomb is seen and not suffered."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return zlib.decompressobj(wbits=31).decompress(data, limit + 1)
    except zlib.error:
        return b""
