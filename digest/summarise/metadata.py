"""What a page says about itself in its head and in its JSON-LD. Claims, not facts."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from lxml import html

MAX_SCRIPT = 300_000  # characters of one JSON-LD script; larger ones are listings
MAX_SCRIPTS = 40
MAX_NODES = 2_000

ARTICLE = frozenset(
    """
    Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle ReviewNewsArticle
    BackgroundNewsArticle BlogPosting LiveBlogPosting Report
    """.split()
)
AUTHOR = tuple("author parsely-author sailthru.author dc.creator byl".split())
PUBLISHED = tuple(
    """
    article:published_time og:published_time datepublished parsely-pub-date sailthru.date dc.date.issued
    dc.date dcterms.date pubdate date
    """.split()
)
IMAGE = tuple("og:image og:image:url twitter:image twitter:image:src".split())


@dataclass(frozen=True, slots=True)
class Metadata:
    """The description may be a standfirst, the article body a teaser, the language the template's."""

    titles: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    article_body: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    section: str = ""  # a name, or a trail "News > World"
    image: str = ""
    language: str = ""
    canonical: str = ""


class _Head:
    """A page's meta elements: name, property or itemprop → content; the first of a name wins."""

    def __init__(self, tree: html.HtmlElement) -> None:
        self.found: dict[str, str] = {}
        for element in tree.iter("meta"):
            get = element.get
            name = get("property") or get("name") or get("itemprop") or get("http-equiv")
            if name and (content := (get("content") or "").strip()):
                self.found.setdefault(name.strip().lower(), content)

    def first(self, *names: str) -> str:
        return next((self.found[name] for name in names if name in self.found), "")


def metadata_of(tree: html.HtmlElement, url: str = "") -> Metadata:
    head = _Head(tree)
    article, trail = _linked_data(tree)
    told = {
        name: _text(article.get(name)) for name in ("headline", "description", "articleBody", "datePublished")
    }
    return Metadata(
        titles=_unique(
            told["headline"],
            head.first("og:title"),
            head.first("twitter:title"),
            tree.findtext(".//title") or "",
        ),
        descriptions=_unique(
            head.first("og:description"),
            head.first("description"),
            head.first("twitter:description"),
            told["description"],
        ),
        article_body=told["articleBody"],
        authors=_unique(*_names(article.get("author"))) or _unique(head.first(*AUTHOR)),
        published=told["datePublished"] or head.first(*PUBLISHED),
        section=_text(article.get("articleSection"))
        or head.first("article:section", "parsely-section")
        or trail,
        image=_absolute(url, head.first(*IMAGE) or _address(article.get("image"))),
        language=_claimed_language(
            tree, _text(article.get("inLanguage")) or head.first("og:locale", "content-language")
        ),
        canonical=_absolute(url, _link(tree, "canonical") or head.first("og:url")),
    )


def _linked_data(tree: html.HtmlElement) -> tuple[dict[str, Any], str]:
    """The page's article object, the one with a body before others, and its breadcrumb trail."""
    article: dict[str, Any] = {}
    trail = ""
    for node in islice(_nodes(tree), MAX_NODES):
        kinds = {str(kind) for kind in _listed(node.get("@type"))}
        if kinds & ARTICLE and (not article or ("articleBody" in node and "articleBody" not in article)):
            article = node
        elif "BreadcrumbList" in kinds and not trail:
            trail = _breadcrumbs(node)
    return article, trail


def _nodes(tree: html.HtmlElement) -> Iterator[dict[str, Any]]:
    """Every object in the page's JSON-LD, outermost first."""
    scripts = (one for one in tree.iter("script") if "ld+json" in (one.get("type") or ""))
    for script in islice(scripts, MAX_SCRIPTS):
        yield from _objects(script.text or "")


def _objects(script: str) -> Iterator[dict[str, Any]]:
    if len(script) > MAX_SCRIPT:
        return
    try:
        waiting: deque[Any] = deque([json.loads(script.strip().rstrip(";"), strict=False)])
    except (ValueError, RecursionError):
        return
    while waiting:
        node = waiting.popleft()
        if isinstance(node, dict):
            yield node
            waiting.extend(value for value in node.values() if isinstance(value, dict | list))
        elif isinstance(node, list):
            waiting.extend(node)


def _breadcrumbs(node: dict[str, Any]) -> str:
    steps = [step for step in _listed(node.get("itemListElement")) if isinstance(step, dict)]
    return " > ".join(filter(None, map(_step_name, steps)))


def _step_name(step: dict[str, Any]) -> str:
    item = step.get("item")
    return _text(step.get("name") or (item.get("name") if isinstance(item, dict) else ""))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    """A string, or a list's first string, on one line; "" for anything else."""
    first = next(iter(_listed(value)), "")
    return " ".join(first.split()) if isinstance(first, str) else ""


def _names(value: Any) -> list[str]:
    return [_text(one.get("name")) if isinstance(one, dict) else _text(one) for one in _listed(value)]


def _address(value: Any) -> str:
    first = next(iter(_listed(value)), "")
    return _text(first.get("url")) if isinstance(first, dict) else _text(first)


def _link(tree: html.HtmlElement, rel: str) -> str:
    return next(
        (one.get("href") or "" for one in tree.iter("link") if (one.get("rel") or "").lower() == rel), ""
    )


def _claimed_language(tree: html.HtmlElement, claimed: str) -> str:
    """A BCP 47 tag as the page gives it: "de", "pt-BR"."""
    return (tree.get("lang") or claimed or "").strip().replace("_", "-")[:20]


def _absolute(base: str, path: str) -> str:
    try:
        return urljoin(base, path.strip()) if path else ""
    except ValueError:
        return ""


def _unique(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(one.split()) for one in texts if one and one.strip()))
