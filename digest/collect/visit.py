"""When to visit a source again, and what is remembered of a visit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from digest.collect.answer import Declined, retry_after
from digest.collect.guard import told
from digest.collect.harvest import NOTHING, Harvest
from digest.errors import ConfigError, DigestError
from digest.model import Source, SourceState

LONGEST_BACKOFF = timedelta(hours=6)
INACTIVE_AFTER = timedelta(days=7)
MOVED_BACK = 3  # failures at a learnt address after which the configured one is tried again


@dataclass(frozen=True, slots=True)
class Brought:
    """What a visit brought. `state` holds what the source itself has told: validators, a move, pages read."""

    state: SourceState
    harvest: Harvest = NOTHING
    unchanged: bool = False


def known(source: Source, state: SourceState) -> SourceState:
    """The state, or a fresh one where it was learnt at another address than the configured one."""
    of = source.url or source.path
    return state if state.of == of else SourceState(of=of)


def not_now(source: Source, state: SourceState, now: datetime) -> str:
    """Why the source is not to be visited now, "" where it is."""
    if state.next_at and now < state.next_at:
        failed = f" after {state.failures} failures: {state.reason}" if state.failures else ""
        return f"not before {state.next_at:%Y-%m-%d %H:%M} UTC{failed}"
    if source.active_hours and not _active(source, now):
        return f"outside its active hours, {source.active_hours} {source.zone}"
    return ""


def _active(source: Source, now: datetime) -> bool:
    """Hours that end before they begin run over midnight."""
    try:
        opens, closes = (time.fromisoformat(part.strip()) for part in source.active_hours.split("-"))
    except ValueError as error:
        raise ConfigError('active_hours must be like "06:00-22:00"') from error
    local = now.astimezone(ZoneInfo(source.zone)).time()
    return opens <= local < closes if opens <= closes else local >= opens or local < closes


def succeeded(source: Source, learnt: SourceState, now: datetime) -> SourceState:
    """The state after a visit that brought an answer."""
    return replace(
        learnt,
        last_success=now,
        failing_since=None,
        failures=0,
        reason="",
        next_at=now + timedelta(seconds=source.every),
    )


def failed(source: Source, state: SourceState, error: DigestError, now: datetime) -> SourceState:
    """The state after a visit that brought none: the next one is later and later, at least as asked."""
    failures = state.failures + 1
    back = state.moved_to and failures % MOVED_BACK == 0
    asked = retry_after(error.retry_after, now) if isinstance(error, Declined) else timedelta()
    since = state.failing_since or now
    return replace(
        state,
        moved_to="" if back else state.moved_to,
        etag="" if back else state.etag,
        last_modified="" if back else state.last_modified,
        failing_since=since,
        failures=failures,
        reason=" ".join(told(str(error)).split()),
        next_at=now + max(_backoff(source, failures, now - since), asked),
    )


def _backoff(source: Source, failures: int, failing: timedelta) -> timedelta:
    """Doubling from the source's own interval to six hours; once a day for what has been dead for a week."""
    if failing > INACTIVE_AFTER:
        return timedelta(days=1)
    return min(timedelta(seconds=source.every * 2 ** min(failures - 1, 10)), LONGEST_BACKOFF)


def standing(state: SourceState, now: datetime) -> str:
    """Active, failing, or inactive after a week of failing; new where it was never visited."""
    if state.failing_since:
        return "inactive" if now - state.failing_since > INACTIVE_AFTER else "failing"
    return "active" if state.last_success else "new"
