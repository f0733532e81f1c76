"""A frozen edition put right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from digest.compose.edition import compose
from digest.errors import Stale, UsageError
from digest.model import Edition, Pause, Rendering, StoredEdition
from digest.steps.correcting import Correcting, Correction, correct, corrected
from digest.store.corrections import Corrections
from digest.store.database import Database
from digest.store.pauses import Pauses
from digest.store.tellings import Tellings
from tests.builders import MORNING, NOON, story
from tests.steps.conftest import Live
from tests.steps.mornings import HOUR, Mornings

DAY = date(2026, 3, 10)
EDITION = compose(MORNING, DAY, [story(1), story(2)], NOON)


def test_one_story_gets_its_new_words() -> None:
    right = corrected(EDITION, Correction("Sorry.", 2, title="Another headline"))
    assert [item.story.title for item in right.items] == ["Headline 1", "Another headline"]
    assert [item.edited for item in right.items] == [False, True]
    assert right.items[1].story.lead == "Lead 2."
    assert (right.correction, right.subject) == ("Sorry.", EDITION.subject)


def test_the_subject_follows_the_lead_unless_it_was_an_editors() -> None:
    wrong = Correction("Sorry.", 1, title="Right")
    assert corrected(EDITION, wrong).subject == "Right"
    assert corrected(replace(EDITION, subject="Mine"), wrong).subject == "Mine"


def test_a_story_is_taken_out_but_never_the_last() -> None:
    out = Correction("Sorry.", 2, is_withdrawn=True)
    left = corrected(EDITION, out)
    assert [item.story.id for item in left.items] == [1]
    with pytest.raises(UsageError, match="last story"):
        corrected(left, Correction("Sorry.", 1, is_withdrawn=True))
    with pytest.raises(UsageError, match="not in the edition"):
        corrected(left, out)


class Held(Corrections):
    """Corrections of an edition that senders hold for so many looks."""

    def __init__(self, database: Database, looks: int) -> None:
        super().__init__(database)
        self.looks = looks

    def is_held(self, edition: int) -> bool:
        self.looks -= 1
        return self.looks >= 0


def frozen(live: Live, monkeypatch: pytest.MonkeyPatch) -> tuple[Mornings, StoredEdition]:
    monkeypatch.setattr("digest.steps.correcting.render", _plain)
    mornings = live(MORNING)
    mornings.join("ann", NOON - 24 * HOUR)
    mornings.publish("pier", NOON - 7 * HOUR)
    for hours in (-8, -6, -4):
        mornings.tick(NOON + hours * HOUR)
    stored = mornings.service.editions.find(MORNING, DAY)
    assert stored
    return mornings, stored


def _to(
    mornings: Mornings,
    corrections: Corrections,
    database: Database,
    wait: Callable[[float], None] = lambda _seconds: None,
) -> Correcting:
    return Correcting(mornings.service, corrections, Pauses(database), Tellings(database), wait)


def _plain(_edition: Edition, _look: object, _tag: str) -> Rendering:
    return Rendering("@@m@@", b"", "=_b", ())


def test_the_run_stands_still_until_senders_have_let_go(
    live: Live, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    mornings, stored = frozen(live, monkeypatch)
    pauses, held = Pauses(database), Held(database, 3)
    waits: list[list[Pause]] = []

    def wait(_seconds: float) -> None:
        waits.append(pauses.standing(NOON))

    done = correct(_to(mornings, held, database, wait), MORNING, stored, Correction("Sorry."), NOON)
    assert done == (1, 1)
    assert [[pause.scope for pause in standing] for standing in waits] == [[f"edition:{stored.id}"]] * 3
    assert pauses.standing(NOON) == []


def test_what_does_not_let_go_is_said_and_stays_stopped(
    live: Live, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    mornings, stored = frozen(live, monkeypatch)
    pauses, held = Pauses(database), Held(database, 1000)
    with pytest.raises(Stale, match="not let go"):
        correct(_to(mornings, held, database), MORNING, stored, Correction("Sorry."), NOON)
    assert [pause.scope for pause in pauses.standing(NOON)] == [f"edition:{stored.id}"]


def test_a_draft_is_edited_and_not_corrected(
    live: Live, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    mornings, stored = frozen(live, monkeypatch)
    drafted = stored._replace(state="draft")  # type: ignore[arg-type]  # its text is what counts
    with pytest.raises(UsageError, match="edit it instead"):
        correct(_to(mornings, Corrections(database), database), MORNING, drafted, Correction("x"), NOON)
