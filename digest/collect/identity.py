"""Which addresses lead to the same page."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

# Parameters that say where a reader came from and never which page is meant. Doubtful ones (cid, partner) are
# left in: two pages taken for one are worse than one taken for two.
_TRACKING = re.compile(
    r"(?:utm_\w+|pk_\w+|mtm_\w+|hsa_\w+|at_(?:medium|campaign|custom\d|link\w+|format|ptr_name|bbc_team)|mc_[ce]id"
    r"|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|mkt_tok|_hsenc|_hsmi|oly_(?:anon|enc)_id"
    r"|ns_(?:mchannel|source|campaign|linkname|fee)|cmpid?|ncid|ocid|ito|xtor|sr_share|smid|smtyp|emc"
    r"|traffic_source|ref_?src|ref|amp|__twitter_impression|share)",
    re.IGNORECASE,
)
_AMP_WRITTEN = {"output": "amp", "outputtype": "amp"}
_FRONT = re.compile(r"^(?:www\d?|m|mobile|amp|edition)\.(?=[^.]+\.[^.]+)")
_AMP_PATH = re.compile(r"(?:^/amp(?=/)|/amp(?:\.html)?/?$|\.amp(?=(?:\.html)?$))", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)
_CACHE = re.compile(r"^/(?:amp/s|[cv]/s|amp|[cv])/(.+)$")


def canonical(address: str) -> str:
    """The name of a page: its address without what differs between its AMP, mobile, shared and plain forms.

    It is for comparing, not for opening: scheme and `www.` are dropped as well.
    """
    try:
        parts = urlsplit(address.strip())
        host, path = _uncached((parts.hostname or "").removesuffix("."), parts.path)
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        return address.strip()
    if not host:
        return address.strip()
    path = _INDEX.sub("/", _AMP_PATH.sub("", unquote(path, errors="replace"))).rstrip("/")
    query = urlencode(
        sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if _tells(*pair))
    )
    fragment = "#" + parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    return _FRONT.sub("", host) + port + path + ("?" + query if query else "") + fragment


def _uncached(host: str, path: str) -> tuple[str, str]:
    """The publisher's own host and path of a page in a public AMP cache."""
    cached = _CACHE.match(path) if host.endswith((".cdn.ampproject.org", "google.com")) else None
    if cached:
        host, _, rest = cached[1].partition("/")
        return host.lower(), "/" + rest
    return host, path


def _tells(name: str, value: str) -> bool:
    """Whether a parameter says which page is meant."""
    if name.lower() in _AMP_WRITTEN:
        return value.lower() != _AMP_WRITTEN[name.lower()]
    return not _TRACKING.fullmatch(name)


def identity(guid: str, url: str, title: str = "") -> str:
    """What tells a story from its source's others: the guid, else the canonical address, else the title."""
    name = guid.strip() or canonical(url) or title
    if len(name) <= 300:
        return name
    return "sha256:" + hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
