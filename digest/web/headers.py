"""What every answer says to a browser, whichever page it is."""

from __future__ import annotations

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
SAFE = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",  # the address of a page may hold a token
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}

# For a page whose form asks for a sum: no other page runs a script.
SCRIPTED = {"content-security-policy": f"{_POLICY}; script-src 'self'"}
