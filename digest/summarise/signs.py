"""The signs for and against a block being the lead, each with a name and a strength, mostly 0 to 1."""

from __future__ import annotations

from math import log1p

from digest.summarise import lines, shape, words
from digest.summarise.blocks import Block
from digest.summarise.dateline import split_dateline
from digest.summarise.scene import Scene, shared

Signs = dict[str, float]
PLACES = tuple(
    """
    li figure figcaption aside footer header blockquote table form h2 h3 h4 article main
    """.split()
)


def signs(scene: Scene, block: Block) -> Signs:
    """All signs a block shows, without those it does not."""
    found = {
        **text_signs(block),
        **place_signs(block),
        **order_signs(scene, block),
        **claim_signs(scene, block),
    }
    following, previous = scene.next_prose(block), scene.previous_prose(block)
    if following is None:
        found["no next"] = 1.0
    else:
        found |= neighbour_signs(block, following)
        found["description apart"] = found["is description"] and not (
            block.looks_like(following) and block.kinship(following) == 1.0
        )
    if previous is not None:
        found["retells previous"] = retold(previous, block)
    return {name: float(strength) for name, strength in found.items() if strength}


def text_signs(block: Block) -> Signs:
    count, furniture = block.words, lines.furniture(block.text) if block.words < 45 else 0
    dateline = count > 8 and not block.is_meta and bool(split_dateline(block.text[:400])[0])
    return {
        "few words": count < 6,
        "short": 6 <= count < 12,
        "very long": count >= 45,
        "no full stop": not block.whole,
        "no full stop, short": not block.whole and count < 20,
        "ends with colon": block.text.endswith(":"),
        "links": block.link_share,
        "all links": block.link_share > 0.6,
        "all styled": block.styled_share > 0.85,
        "furniture": min(furniture, 3) / 3,
        "furniture, short": bool(furniture) and count < 18,
        "wall": words.phrases("wall").count(block.text[:600]) > 0,
        "note": block.is_note,
        "note, short": block.is_note and count < 25,
        "byline or date": block.is_meta,
        "credit": block.is_credit,
        "two sentences": shape.count_sentences(block.text) > 1,
        "lower-case start": block.text[:1].islower(),
        "opening bracket": block.text[:1] in "([（【" and not dateline,
        "dateline": dateline,
    }


def place_signs(block: Block) -> Signs:
    near = block.around[-100:]
    return {
        **{f"in {tag}": tag in block.inside for tag in PLACES},
        "p": block.tag == "p",
        "div": block.tag in ("div", "td", "section"),
        "itemprop body": "articlebody" in block.around,
        "body near": bool(words.marks("body").search(block.around)),
        **{
            f"{table} own": bool(words.marks(table).search(block.marks))
            for table in ("deck", "caption", "meta", "apart")
        },
        **{
            f"{table} near": bool(words.marks(table).search(near))
            for table in ("deck", "caption", "meta", "apart")
        },
    }


def order_signs(scene: Scene, block: Block) -> Signs:
    following, preceding = scene.mass(block, 1), scene.mass(block, -1)
    between = scene.between(block)
    after = scene.blocks[block.order + 1 : block.order + 5]
    return {
        "before headline": block.order < scene.headline,
        "distance": log1p(len(between)),
        "prose between": log1p(sum(scene.prose[scene.headline + 1 : block.order]) / 10) if between else 0.0,
        "byline before": any(one.is_meta for one in between[:60]),
        "byline after": any(one.is_meta for one in after),
        "headline after": any(one.tag == "h1" for one in after),
        "following": log1p(following / 10),
        "preceding": log1p(preceding / 10),
        "alone": following + preceding < 40,
        "first": preceding < 5,
        "body": scene.body_share(block),
    }


def neighbour_signs(block: Block, following: Block) -> Signs:
    """Is the block of the same kind as the paragraph after it? A standfirst is not."""
    alike = block.looks_like(following)
    deck = words.marks("deck")
    return {
        "kin next": block.kinship(following),
        "like next": alike,
        "unlike next": not alike,
        "near next": following.order - block.order == 1,
        "deck unlike": bool(deck.search(block.around[-120:]) and not deck.search(following.around[-120:])),
        "retold by next": retold(block, following),
        "styled unlike": block.styled_share > 0.85 and following.styled_share < 0.5,
    }


def retold(first: Block, second: Block) -> float:
    """A standfirst's words come again in the lead; paragraphs of a report seldom repeat each other."""
    return max(0.0, shared(first.stems, second.stems) - 0.2) if len(first.stems) > 3 else 0.0


def claim_signs(scene: Scene, block: Block) -> Signs:
    """What the page's head and JSON-LD say of this text."""
    own, article, repeats = block.letters, scene.article, scene.repeats[block.letters]
    whole = len(article) > 200
    return {
        "is description": any(covers(own, d) for d in scene.descriptions),
        "starts with description": any(
            own.startswith(d[:-6]) and len(own) > len(d) + 10 for d in scene.descriptions
        ),
        "starts description": any(
            d.startswith(own) and 20 < len(own) <= 0.85 * len(d) for d in scene.descriptions
        ),
        "near description": any(
            len(d) > 60 and d[:50] in own and not own.startswith(d[:50]) for d in scene.descriptions
        ),
        "article start": whole and (article[:40] in own or (len(own) > 20 and article.startswith(own[:60]))),
        "article later": whole and own[:60] in article and not article.startswith(own[:40]),
        "not in article": whole and own[:60] not in article and article[:40] not in own,
        "is title": any(own == t or (len(own) > 15 and own in t) for t in scene.titles),
        "headline's words": shared(scene.title_stems, block.stems),
        "repeated": repeats > 1,
    }


def covers(own: str, description: str) -> bool:
    return own == description or (len(own) > 0.85 * len(description) and description.startswith(own))
