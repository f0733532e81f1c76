"""XML from strangers to a tree: no entity resolved, nothing fetched, libxml2's limits in force."""

from __future__ import annotations

from lxml import etree

from digest.collect import decode
from digest.errors import SourceError


def tree(data: bytes, name: str) -> etree._Element:
    """The root of what can be read of the document. Raises SourceError where nothing can."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(decode.xml(data).encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError(f"{name}: not XML that can be read: {error}") from error
    if root is None:
        raise SourceError(f"{name}: not XML")
    return root


def local_name(node: etree._Element) -> str:
    """The name without its namespace or prefix; "" for a comment. A broken document may have any for one."""
    return node.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(node.tag, str) else ""
