"""Text becomes mail bytes: quoted-printable bodies with open slots, and ASCII header values.

Python's own encoders are not used: quopri breaks slots with soft line breaks, and the folding of
email.policy encodes long tokens and drops blanks between encoded words (CPython issues 85725, 92081).
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from email.utils import parseaddr

LINE = 76  # RFC 2045, 6.7: characters of an encoded line, the soft break's "=" included
WIDTH = LINE - 3  # leaves room for that "=" and for a first character that must be encoded
PLAIN = re.compile(rb"[!-<>-~]{1,75}")  # needs no encoding and fits on a line; "=" is left out
ATEXT = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+")  # RFC 5322 dot-atom @ domain
_CONTINUED = re.compile("=[89AB]")  # the second to fourth byte of a character in UTF-8
WORD_BYTES = 42  # RFC 2047: 75 characters a word less "=?utf-8?b?" and "?=", a multiple of 3 before base64


class _Symbols(dict[int, str]):
    """Quoted-printable by code point, for str.translate; filled as characters come up."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        plain = " " <= char <= "~" and char != "="
        self[code] = char if plain else "".join(f"={byte:02X}" for byte in char.encode())
        return self[code]


_SYMBOLS = _Symbols()


def _line(text: str) -> str:
    """One logical line, softly broken, with no blank at its end and no two together.

    Relays may drop or squeeze them; and so the body is what DKIM hashes, with nothing left to do per mail.
    """
    encoded = text.translate(_SYMBOLS).replace("  ", " =20")
    if encoded.endswith(" "):
        encoded = f"{encoded[:-1]}=20"
    return "=\r\n".join(map(_guarded, _slices(encoded)))


def _slices(encoded: str) -> Iterator[str]:
    start = 0
    while len(encoded) - start > WIDTH:
        end = start + WIDTH
        # Not inside "=C3", nor between the bytes of one character: some programs decode line by line.
        while "=" in encoded[end - 2 : end] or _CONTINUED.match(encoded, end):
            end -= 1
        yield encoded[start:end]
        start = end
    yield encoded[start:]


def _guarded(line: str) -> str:
    """`line`, not starting with a dot, so that SMTP needs no stuffing and DKIM signs what is on the wire.

    Nor with the F of "From ", which mailbox files quote.
    """
    return f"={ord(line[0]):02X}{line[1:]}" if line[:1] in (".", "F") else line


def quoted_printable(text: str, slots: re.Pattern[str] | None = None) -> bytes:
    r"""`text` as whole quoted-printable lines (RFC 2045, 6.7) that end in CRLF.

    Each match of `slots` stands alone between soft line breaks, so that any encoded value can take its
    place and no line passes 76 characters.
    """
    lines = (_slotted(line, slots) if slots else _line(line) for line in text.removesuffix("\n").split("\n"))
    return "".join(f"{line}\r\n" for line in lines).encode()


def _slotted(line: str, slots: re.Pattern[str]) -> str:
    out, start = "", 0
    for slot in slots.finditer(line):
        before = _line(line[start : slot.start()])
        out += (f"{before}=\r\n" if before else "") + f"{slot[0]}=\r\n"
        start = slot.end()
    return out + _line(line[start:])


def value(text: str) -> bytes:
    """A slot's value, encoded to stand between soft line breaks; newlines in it are kept."""
    raw = text.encode()
    if PLAIN.fullmatch(raw) and raw[:1] not in b".F":
        return raw
    return "\r\n".join(map(_line, text.split("\n"))).encode()


def unstructured(text: str, start: int = 0) -> str:
    """A header's text: as it is when it is short ASCII, else RFC 2047 words folded at whole characters.

    `start` is the length of what stands before it on the line.
    """
    if text.isascii() and text.isprintable() and "=?" not in text and len(text) + start <= LINE:
        return text
    return "\r\n ".join(f"=?utf-8?b?{b64encode(word.encode()).decode()}?=" for word in _words(text))


def _words(text: str) -> Iterator[str]:
    word = ""
    for char in text:
        if len((word + char).encode()) > WORD_BYTES:
            yield word
            word = ""
        word += char
    yield word


def mailbox(text: str) -> str:
    """A From or Reply-To value such as "World News <news@example.com>", its name encoded where it must be."""
    name, address = parseaddr(text)
    if not name:
        return address
    if name.isascii() and name.isprintable():
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return (
            f'"{escaped}" <{address}>'
            if re.search(r"[^\w !#$%&'*+/=?^`{|}~-]", name)
            else f"{name} <{address}>"
        )
    return f"{unstructured(name)} <{address}>"


def recipient(address: str) -> bytes:
    """The To value for one reader; nothing in `address` can end the line or add a second recipient.

    An address that is no plain ASCII one (RFC 6531 mailboxes) becomes an empty group named after it, as
    RFC 6857, 3.1.8, does it: the envelope still has the address, and the head stays ASCII.
    """
    if ATEXT.fullmatch(address):
        return f"<{address}>".encode()
    return f"{unstructured(address.encode(errors='replace').decode(), LINE)} :;".encode()


def domain(text: str) -> str:
    """The domain of a mailbox value in ASCII, "localhost" where it has none."""
    host = parseaddr(text)[1].partition("@")[2]
    try:
        return host.encode("idna").decode() or "localhost"
    except UnicodeError:
        return "localhost"
