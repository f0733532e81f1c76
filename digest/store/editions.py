"""Editions and their items: drafted, frozen once with their rendering, and never changed after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from digest.errors import Stale
from digest.model import (
    Edition,
    EditionState,
    Event,
    Newsletter,
    Rendering,
    Role,
    Sent,
    StoredEdition,
)
from digest.schedule.due import home_wave
from digest.store import renderings, tables
from digest.store.database import Database, changed, ensure, insert_or_ignore, run
from digest.store.edited import edits_so_far
from digest.store.hooks import edition_happened
from digest.store.items import items_of, put_items
from digest.store.retold import Shared, earlier_than, shared_from, shared_query, told_query
from digest.store.times import moment, seconds

_EDITION = tables.edition.c
_UNSENT = (EditionState.DRAFT, EditionState.EMPTY, EditionState.MISSED)


class Editions:
    """The editions of all newsletters."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newsletter(self, slug: str) -> int:
        """The id a newsletter has in this database, made at first asking."""
        with self._database.write() as connection:
            return newsletter_id(connection, slug)

    def find(self, newsletter: Newsletter, day: date, wave: str = "") -> StoredEdition | None:
        """The edition of that date, in whatever state it is."""
        with self._database.read() as connection:
            return _find(connection, newsletter.slug, day, wave)

    def at_home(self, newsletter: Newsletter, day: date) -> StoredEdition | None:
        """The edition of that date's home morning, which is the only one where all readers get one."""
        return self.find(newsletter, day, home_wave(newsletter, day))

    def by_id(self, edition_id: int) -> tuple[str, StoredEdition] | None:
        """An edition with its newsletter's slug; None where there is none."""
        query = _STORED.add_columns(tables.newsletter.c.slug).where(_EDITION.id == edition_id)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return (row.slug, _stored(row)) if row else None

    def sizes(self, newsletter: Newsletter, limit: int) -> list[tuple[date, int]]:
        """The newest dates that have an edition, drafted or out, with its number of stories told in full.

        Of a date's waves the home zone's. Promoted links are no stories.
        """
        full = tables.edition_item.c.role.in_([Role.LEAD, Role.PICK, Role.SECTION])
        query = (
            select(_EDITION.date, func.count())
            .select_from(tables.edition.join(tables.newsletter).join(tables.edition_item))
            .where(tables.newsletter.c.slug == newsletter.slug, _EDITION.home, full)
            .group_by(_EDITION.id)
            .order_by(_EDITION.date.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            return [(row[0], row[1]) for row in connection.execute(query)]

    def latest(self, newsletter: Newsletter, limit: int = 10) -> list[StoredEdition]:
        """The newest editions, in any state, newest first."""
        query = (
            _STORED.where(tables.newsletter.c.slug == newsletter.slug)
            .order_by(_EDITION.date.desc(), _EDITION.wave.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            return [_stored(row) for row in connection.execute(query)]

    def before(self, newsletter: Newsletter, cutoff: datetime) -> tuple[datetime | None, frozenset[int]]:
        """The last frozen edition's cut-off before this one, and every story of earlier frozen editions."""
        with self._database.read() as connection:
            earlier = earlier_than(newsletter, cutoff)
            joined = tables.edition.join(tables.newsletter)
            last = connection.scalar(select(func.max(_EDITION.cutoff)).select_from(joined).where(earlier))
            had = connection.scalars(
                select(tables.edition_item.c.story)
                .select_from(joined.join(tables.edition_item, tables.edition_item.c.edition == _EDITION.id))
                .where(earlier)
            )
            return (moment(last) if last is not None else None), frozenset(had)

    def told(self, newsletter: Newsletter, since: datetime, cutoff: datetime) -> dict[int, Sent]:
        """The stories of frozen editions closed from `since` on that have changed, as they were last sent."""
        query = told_query(newsletter, since, cutoff)
        with self._database.read() as connection:
            return {row.story: Sent(row.title, row.content["lead"]) for row in connection.execute(query)}

    def shared(self, rendering_id: int) -> list[Shared]:
        """Which stories of a rendering's edition stood in other editions of its newsletter too, and how."""
        with self._database.read() as connection:
            return list(map(shared_from, connection.execute(shared_query(rendering_id))))

    def draft(self, edition: Edition) -> int:
        """Store an edition as a draft, or put these items in the place of an earlier draft's.

        An edition that is frozen already is left as it is.
        """
        with self._database.write() as connection:
            return _draft(connection, edition)

    def freeze(self, edition: Edition, rendered: Sequence[Rendering], now: datetime) -> StoredEdition:
        """Freeze an edition with its renderings; the first to do so wins, and everyone gets what it froze.

        Raises Stale where its date was edited since it was composed: it is not what editors see.
        """
        with self._database.write() as connection:
            newsletter = newsletter_id(connection, edition.newsletter.slug)
            last = edits_so_far(connection, newsletter, edition.date)
            edition_id = _draft(connection, edition)
            if last != edition.edits and not _require(connection, edition_id).is_frozen:
                raise Stale(f"{edition.newsletter.slug} of {edition.date} was edited since it was composed")
            frozen = run(
                connection,
                update(tables.edition)
                .where(_EDITION.id == edition_id, _EDITION.state == EditionState.DRAFT)
                .values(state=EditionState.FROZEN, frozen_at=seconds(now), reason=""),
            )
            if changed(frozen):
                rows = [rendering_row(edition_id, rendering) for rendering in rendered]
                connection.execute(insert(tables.rendering), rows)
            return _require(connection, edition_id)

    def close(
        self,
        newsletter: Newsletter,
        day: date,
        cutoff: datetime,
        state: EditionState,
        reason: str,
        wave: str = "",
    ) -> bool:
        """Record that a date, or wave, has nothing to send (empty, missed) and why; False if it has."""
        with self._database.write() as connection:
            edition_id = _draft(connection, Edition(newsletter, day, (), "", "", cutoff, wave))
            closed = update(tables.edition).where(_EDITION.id == edition_id, _EDITION.state.in_(_UNSENT))
            return changed(run(connection, closed.values(state=state, reason=reason)))

    def set_state(self, edition_id: int, state: EditionState, *, was: Sequence[EditionState]) -> bool:
        """Move an edition on, if it still is where the caller saw it."""
        with self._database.write() as connection:
            moved = update(tables.edition).where(_EDITION.id == edition_id, _EDITION.state.in_(was))
            return changed(run(connection, moved.values(state=state)))

    def issue(self, edition_id: int, now: datetime, *, again: bool) -> None:
        """Begin to send a frozen edition; with `again` also one that was done."""
        mine = _EDITION.id == edition_id
        with self._database.write() as connection:
            first = update(tables.edition).where(mine, _EDITION.state == EditionState.FROZEN)
            if changed(run(connection, first.values(state=EditionState.ISSUED))):
                hooks = self._database.hooks
                edition_happened(connection, hooks, Event.EDITION_ISSUED, [edition_id], now)
            elif again:
                done = update(tables.edition).where(mine, _EDITION.state == EditionState.DONE)
                connection.execute(done.values(state=EditionState.ISSUED))

    def approve(self, edition_id: int, approved: bool) -> None:
        """Approve a draft (it goes at its hour), or hold it (it waits for approval)."""
        with self._database.write() as connection:
            held = update(tables.edition).where(_EDITION.id == edition_id)
            connection.execute(held.values(approved=approved, held=not approved))

    def load(self, newsletter: Newsletter, edition_id: int) -> Edition:
        """A stored edition with its items, each at the version that was chosen."""
        with self._database.read() as connection:
            stored = connection.execute(select(tables.edition).where(tables.edition.c.id == edition_id)).one()
            items = items_of(connection, edition_id)
        return Edition(
            newsletter,
            stored.date,
            items,
            stored.subject,
            stored.preheader,
            moment(stored.cutoff),
            stored.wave,
            edition_id,
            stored.correction or "",
        )

    def renderings(self, edition_id: int) -> Mapping[str, int]:
        """The newest rendering's id for each locale."""
        query = (
            select(tables.rendering.c.locale, tables.rendering.c.id)
            .where(tables.rendering.c.edition == edition_id)
            .order_by(tables.rendering.c.revision)
        )
        with self._database.read() as connection:
            return {row.locale: row.id for row in connection.execute(query)}

    def rendering(self, rendering_id: int) -> Rendering:
        """A stored rendering. Raises LookupError where there is none."""
        return self.for_sending(rendering_id)[0]

    def for_sending(self, rendering_id: int) -> tuple[Rendering, str]:
        """A stored rendering, and the slug of its newsletter. Raises LookupError where there is none."""
        query = (
            select(tables.rendering.c.body, tables.newsletter.c.slug)
            .select_from(tables.rendering.join(tables.edition).join(tables.newsletter))
            .where(tables.rendering.c.id == rendering_id)
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise LookupError(f"rendering {rendering_id} is not stored")
        return renderings.unpack(row.body), row.slug

    def named(self, edition: int) -> tuple[str, date, str]:
        """What people call a stored edition: its newsletter's slug, its date, its wave."""
        query = select(tables.newsletter.c.slug, tables.edition.c.date, tables.edition.c.wave)
        there = query.select_from(tables.edition.join(tables.newsletter)).where(
            tables.edition.c.id == edition
        )
        with self._database.read() as connection:
            row = connection.execute(there).one()
        return row.slug, row.date, row.wave


_STORED = select(tables.edition).select_from(tables.edition.join(tables.newsletter))


def newsletter_id(connection: Connection, slug: str) -> int:
    """The id of a newsletter, made at first asking; inside a write."""
    return ensure(connection, tables.newsletter, {"slug": slug})


def _find(connection: Connection, slug: str, day: date, wave: str) -> StoredEdition | None:
    query = _STORED.where(tables.newsletter.c.slug == slug, _EDITION.date == day, _EDITION.wave == wave)
    row = connection.execute(query).first()
    return _stored(row) if row else None


def _require(connection: Connection, edition_id: int) -> StoredEdition:
    return _stored(connection.execute(_STORED.where(_EDITION.id == edition_id)).one())


def _stored(row: Any) -> StoredEdition:
    return StoredEdition(
        row.id,
        row.date,
        row.wave,
        EditionState(row.state),
        moment(row.cutoff),
        row.subject,
        row.approved,
        row.held,
        moment(row.frozen_at) if row.frozen_at is not None else None,
        row.reason,
    )


def _draft(connection: Connection, edition: Edition) -> int:
    slug = edition.newsletter.slug
    stored = _find(connection, slug, edition.date, edition.wave)
    if stored and stored.state not in _UNSENT:
        return stored.id
    values = {
        "cutoff": seconds(edition.cutoff),
        "state": EditionState.DRAFT,
        "subject": edition.subject,
        "preheader": edition.preheader,
        "reason": "",
    }
    if stored:
        edition_id = stored.id
        anew = update(tables.edition).where(_EDITION.id == edition_id, _EDITION.state.in_(_UNSENT))
        if not changed(run(connection, anew.values(**values))):
            return edition_id  # another process has frozen it since we looked
        connection.execute(delete(tables.edition_item).where(tables.edition_item.c.edition == edition_id))
    else:
        keys = {"newsletter": newsletter_id(connection, slug), "date": edition.date, "wave": edition.wave}
        home = edition.wave in {"", home_wave(edition.newsletter, edition.date)}
        made = insert_or_ignore(connection, tables.edition).values(**keys, **values, home=home)
        first = connection.scalar(made.returning(_EDITION.id))
        if first is None:  # another process has stored it since we looked
            return _draft(connection, edition)
        edition_id = int(first)
    put_items(connection, edition_id, edition.items)
    return edition_id


def rendering_row(edition_id: int, rendering: Rendering) -> dict[str, Any]:
    return {
        "edition": edition_id,
        "revision": rendering.revision,
        "locale": rendering.locale,
        "body": renderings.pack(rendering),
    }
