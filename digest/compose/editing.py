"""What editors changed is applied to the day's stories, and to the edition composed of them. Pure.

Edits are kept, never their result, so that new stories still come in until the cut-off, and any edit can be
taken back. `changed` comes before composing: a skipped story makes room for the next, a pinned one is among
the picks. `arranged` comes after it: stories change places, and places keep their role and section. An edit
that names a story which is not there (any more) does nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from digest.compose.edition import MAX_PROMOTED, preheader_of
from digest.model import Edit, Edition, Item, Picture, Role, Story, Verb

_REWORDED = {Verb.TITLE, Verb.LEAD, Verb.PICTURE}
_KEPT = {Verb.PIN, Verb.TOP}


def standing(edits: Sequence[Edit]) -> list[Edit]:
    """The edits, in order, that were not taken back; taking back a taking back makes an edit stand again."""
    undone: set[int] = set()
    stand = []
    for edit in sorted(edits, key=lambda edit: -edit.n):
        if edit.n in undone:
            continue
        if edit.verb is Verb.UNDO:
            undone.add(edit.details["n"])
        else:
            stand.append(edit)
    return stand[::-1]


def skipped(edits: Sequence[Edit]) -> dict[int, Edit]:
    """The stories that are not to be in the edition, each with the edit that says so."""
    out: dict[int, Edit] = {}
    for edit in standing(edits):
        if edit.verb is Verb.SKIP and edit.story is not None:
            out[edit.story] = edit
        elif edit.verb in _KEPT and edit.story is not None:
            out.pop(edit.story, None)
    return out


def changed(stories: Iterable[Story], edits: Sequence[Edit]) -> list[Story]:
    """The stories as editors want them told, without those they skipped."""
    out = skipped(edits)
    told = {story.id: story for story in stories if story.id not in out}
    for edit in standing(edits):
        if edit.story in told:
            told[edit.story] = _changed(told[edit.story], edit)
    return list(told.values())


def arranged(edition: Edition, edits: Sequence[Edit]) -> Edition:
    """The edition with its stories where editors want them, and its own words."""
    if not edition.items:
        return edition
    stand = standing(edits)
    reworded = {edit.story for edit in stand if edit.verb in _REWORDED}
    items = [replace(item, edited=item.story.id in reworded) for item in edition.items]
    for edit in stand:
        items = _moved(items, edit)
    words = {edit.verb: edit.details["text"] for edit in stand if edit.verb in {Verb.SUBJECT, Verb.PREHEADER}}
    return replace(
        edition,
        items=tuple(items),
        subject=words.get(Verb.SUBJECT) or items[0].story.title,
        preheader=words.get(Verb.PREHEADER) or preheader_of(items),
    )


def with_promotions(edition: Edition, booked: Sequence[tuple[Story, str]]) -> Edition:
    """The edition with its booked links, each at the end of its section, or at the foot.

    They come before the promoted links of feeds, of which no more stay than there is room for.
    """
    if not edition.items or not booked:
        return edition
    room = max(0, MAX_PROMOTED - len(booked))
    own = [item for item in edition.items if item.role is Role.PROMOTED]
    items = [item for item in edition.items if item not in own[room:]]
    for story, section in booked:
        items.insert(_end_of(section, items), Item(story, Role.PROMOTED))
    return replace(edition, items=tuple(items))


def _changed(story: Story, edit: Edit) -> Story:
    details = edit.details
    if edit.verb in _KEPT:
        return replace(story, pick=True)
    if edit.verb is Verb.SECTION:
        return replace(story, section=details["section"], pick=False)
    if edit.verb is Verb.TITLE:
        return replace(story, title=details["text"])
    if edit.verb is Verb.LEAD:
        return replace(story, lead=details["text"])
    if edit.verb is Verb.PICTURE:
        return replace(story, picture=Picture(details["url"], details["alt"]) if details["url"] else None)
    return story


def _moved(items: list[Item], edit: Edit) -> list[Item]:
    """The items with one story before or after another of its group."""
    places = _places_beside(items, edit.story)
    group = [items[place] for place in places]
    ids = [item.story.id for item in group]
    other = ids[0] if edit.verb is Verb.TOP and ids else edit.details.get("other")
    if edit.verb not in {Verb.TOP, Verb.ABOVE, Verb.BELOW} or other not in ids or other == edit.story:
        return items
    mover = group.pop(ids.index(edit.story or 0))
    target = [item.story.id for item in group].index(other)
    group.insert(target + (edit.verb is Verb.BELOW), mover)
    moved = list(items)
    for place, item in zip(places, group, strict=True):
        moved[place] = replace(items[place], story=item.story, edited=item.edited)
    return moved


def _places_beside(items: Sequence[Item], story: int | None) -> list[int]:
    """The places among which a story may move: the top ones, its section's, or the promoted ones."""
    own = next((group_of(item) for item in items if item.story.id == story), None)
    return [place for place, item in enumerate(items) if group_of(item) == own] if own else []


def group_of(item: Item) -> str:
    """The name of the part of an edition that an item stands in."""
    if item.role in {Role.LEAD, Role.PICK}:
        return "top"
    return "promoted" if item.role is Role.PROMOTED else f"section {item.section}"


def _end_of(section: str, items: Sequence[Item]) -> int:
    """The place after a section's last story; after everything where there is none."""
    last = [place for place, item in enumerate(items) if section and group_of(item) == f"section {section}"]
    return last[-1] + 1 if last else len(items)
