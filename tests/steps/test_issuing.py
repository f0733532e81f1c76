"""From a due time to planned deliveries: on time, late, empty, missed, held, by hand, by two at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from digest.errors import UsageError
from digest.model import Edition, EditionState, Look, Mornings, Newsletter, Rendering, Verb
from digest.pipeline import issue
from digest.render.trim import Trimmed, fit
from digest.steps.by_hand import issue_by_hand
from digest.steps.editing import MOST, change
from digest.steps.editions import edition_date
from digest.steps.issuing import Issued
from digest.steps.service import Service
from digest.store.readers import Readers
from tests.builders import MORNING, found, newsletter, order, subscribe
from tests.steps.conftest import Serve

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
EVENING = datetime(2026, 3, 9, 20, tzinfo=UTC)
SEVEN = datetime(2026, 3, 10, 7, tzinfo=UTC)
DAY = date(2026, 3, 10)


def begin(service: Service, readers: Readers, *names: str, stories: bool = True) -> None:
    """The service was running the evening before, with stories and readers."""
    issue(service, EVENING)
    if stories:
        service.stories.save("wire", [found("harbour", published=EVENING)], EVENING)
    for name in names or ("ada",):
        subscribe(readers, f"{name}@example.com", service.newsletters[0], at=EVENING)


def results(issued: list[Issued]) -> list[tuple[date, str, int]]:
    return [(one.date, one.result, one.planned) for one in issued]


def state(service: Service, day: date = DAY) -> EditionState | None:
    stored = service.editions.find(service.newsletters[0], day)
    return stored.state if stored else None


def test_nothing_happens_before_the_hour_and_everyone_is_planned_at_it(
    serve: Serve, readers: Readers
) -> None:
    service = serve()
    begin(service, readers, "ada", "bob")
    assert issue(service, SEVEN - MINUTE) == []
    assert results(issue(service, SEVEN)) == [(DAY, "planned", 2)]
    assert issue(service, SEVEN + MINUTE) == []
    assert state(service) is EditionState.ISSUED


def test_an_edit_that_is_made_while_it_is_rendered_is_in_it(
    serve: Serve, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = serve()
    begin(service, readers)
    service.stories.save("wire", [found("ferry", published=EVENING)], EVENING)

    def slowly(edition: Edition, look: Look) -> tuple[Trimmed, Rendering]:
        if edition.edits == 0:
            first = edition.items[0].story.id
            change(service, MORNING, DAY, [(Verb.SKIP, first, {})], "ada@example.com", 0, SEVEN)
        return fit(edition, look)

    monkeypatch.setattr("digest.steps.editions.fit", slowly)
    assert results(issue(service, SEVEN)) == [(DAY, "planned", 1)]
    stored = service.editions.find(MORNING, DAY)
    assert stored
    assert len(service.editions.load(MORNING, stored.id).items) == 1
    with pytest.raises(UsageError, match="is frozen"):
        change(service, MORNING, DAY, [(Verb.SUBJECT, None, {"text": "Late"})], "ada@example.com", 1, SEVEN)


def test_no_edition_is_edited_for_ever(serve: Serve) -> None:
    subject = (Verb.SUBJECT, None, {"text": "Ships"})
    change(serve(), MORNING, DAY, [subject] * MOST, "ada@example.com", 0, SEVEN)
    with pytest.raises(UsageError, match="1000 is the most"):
        change(serve(), MORNING, DAY, [subject], "ada@example.com", MOST, SEVEN)


def test_a_draft_stands_from_the_cutoff_and_takes_corrections_in(serve: Serve, readers: Readers) -> None:
    service = serve()
    begin(service, readers)
    issue(service, SEVEN - 2 * HOUR)
    assert state(service) is None
    issue(service, SEVEN - HOUR)
    assert state(service) is EditionState.DRAFT
    service.stories.save("wire", [found("harbour", published=EVENING, title="Corrected")], SEVEN - HOUR / 2)
    service.stories.save("wire", [found("too-late", published=SEVEN - HOUR / 2)], SEVEN - HOUR / 2)
    issue(service, SEVEN)
    stored = service.editions.find(MORNING, DAY)
    assert stored is not None
    items = service.editions.load(MORNING, stored.id).items
    assert [item.story.title for item in items] == ["Corrected"]


def test_after_a_short_sleep_the_morning_is_caught_up(serve: Serve, readers: Readers) -> None:
    service = serve()
    begin(service, readers)
    assert results(issue(service, SEVEN + 3 * HOUR)) == [(DAY, "planned", 1)]


def test_after_a_night_off_the_stories_of_now_are_better_than_none(serve: Serve, readers: Readers) -> None:
    service = serve()
    begin(service, readers, stories=False)
    waking = SEVEN + HOUR
    service.stories.save("wire", [found("fresh", published=SEVEN)], waking)
    assert results(issue(service, waking)) == [(DAY, "planned", 1)]


def test_after_a_long_sleep_each_morning_is_recorded_as_missed_and_told(
    serve: Serve, readers: Readers
) -> None:
    service = serve()
    begin(service, readers)
    woken = SEVEN + 29 * HOUR
    assert [one.result for one in issue(service, woken)] == ["missed", "missed"]
    assert state(service) is EditionState.MISSED
    told = [incident.text for incident in service.incidents.current()]
    assert "digest send --date 2026-03-10" in told[0]


def test_a_missed_morning_can_be_sent_by_hand(serve: Serve, readers: Readers) -> None:
    service = serve()
    begin(service, readers)
    late = SEVEN + 5 * HOUR
    issue(service, late)
    sent = issue_by_hand(service, MORNING, DAY, late, everyone=False, approve=False)
    assert (sent.result, sent.planned) == ("planned", 1)


def test_an_empty_day_sends_nothing_says_why_and_is_an_incident(serve: Serve, readers: Readers) -> None:
    service = serve()
    begin(service, readers, stories=False)
    [issued] = issue(service, SEVEN)
    assert (issued.result, issued.planned) == ("empty", 0)
    assert "no story is stored" in issued.reason
    assert state(service) is EditionState.EMPTY


def test_yesterdays_empty_edition_is_no_trouble_once_todays_went_out(serve: Serve, readers: Readers) -> None:
    service = serve()
    begin(service, readers, stories=False)
    issue(service, SEVEN)
    assert [incident.kind for incident in service.incidents.untold()] == ["empty"]
    noon = SEVEN + 5 * HOUR
    service.stories.save("wire", [found("bridge", published=noon)], noon)
    issue(service, SEVEN + 24 * HOUR)
    assert service.incidents.current() == []


def test_reports_of_one_event_by_several_sources_are_told_once(serve: Serve, readers: Readers) -> None:
    service = serve()
    begin(service, readers, stories=False)
    for source, title in (
        ("wire", "Storm Brona cuts power to 40,000 homes in Westhaven"),
        ("coast", "40,000 Westhaven homes without power as Storm Brona hits"),
    ):
        lead = (
            "Storm Brona cut the power to 40,000 homes in Westhaven on Monday night, the grid operator said."
        )
        story = found(source, title=title, lead=lead, published=EVENING)
        service.stories.save(source, [story], EVENING)
    issue(service, SEVEN)
    stored = service.editions.find(MORNING, DAY)
    assert stored is not None
    assert len(service.editions.load(MORNING, stored.id).items) == 1


def test_a_second_scheduler_and_a_second_send_give_nobody_two(serve: Serve, readers: Readers) -> None:
    one, other = serve(), serve()
    begin(one, readers, "ada", "bob")
    planned = [done.planned for done in (*issue(one, SEVEN), *issue(other, SEVEN))]
    assert sum(planned) == 2
    again = issue_by_hand(other, MORNING, DAY, SEVEN + MINUTE, everyone=True, approve=False)
    assert again.planned == 0


def test_sent_by_hand_before_the_hour_the_clock_plans_only_newcomers(serve: Serve, readers: Readers) -> None:
    service = serve()
    begin(service, readers)
    by_hand = issue_by_hand(service, MORNING, DAY, SEVEN - HOUR, everyone=False, approve=False)
    assert by_hand.planned == 1
    subscribe(readers, "new@example.com", at=SEVEN - HOUR / 2)
    assert results(issue(service, SEVEN)) == [(DAY, "planned", 1)]


def test_the_next_day_never_repeats_a_story(serve: Serve, readers: Readers) -> None:
    service = serve()
    begin(service, readers)
    issue(service, SEVEN)
    service.stories.save("wire", [found("bridge", published=SEVEN + HOUR)], SEVEN + HOUR)
    issue(service, SEVEN + 24 * HOUR)
    stored = service.editions.find(MORNING, DAY + timedelta(days=1))
    assert stored is not None
    items = service.editions.load(MORNING, stored.id).items
    assert [item.story.title for item in items] == ["The bridge story"]


def test_a_held_edition_waits_says_so_and_goes_when_approved(serve: Serve, readers: Readers) -> None:
    service = serve(newsletter(review="hold"))
    begin(service, readers)
    issue(service, SEVEN - HOUR)
    [waiting] = issue(service, SEVEN)
    assert waiting.result == "waiting"
    stored = service.editions.find(MORNING, DAY)
    assert stored is not None
    service.editions.approve(stored.id, True)  # type: ignore[attr-defined]  # the store's own
    assert results(issue(service, SEVEN + MINUTE)) == [(DAY, "planned", 1)]


def test_a_held_edition_is_sent_by_hand_only_with_approval(serve: Serve, readers: Readers) -> None:
    letter = newsletter(review="hold")
    service = serve(letter)
    begin(service, readers)
    held = issue_by_hand(service, letter, DAY, SEVEN, everyone=False, approve=False)
    assert held.result == "waiting"
    sent = issue_by_hand(service, letter, DAY, SEVEN, everyone=False, approve=True)
    assert sent.planned == 1


def test_weekday_readers_of_a_daily_letter_sleep_on_saturday(serve: Serve, readers: Readers) -> None:
    service = serve()
    begin(service, readers, "ada")
    subscribe(readers, "week@example.com", wish=order(days="weekdays"), at=EVENING)
    saturday = datetime(2026, 3, 14, 7, tzinfo=UTC)
    service.planning.advance({service.planning.own(MORNING, EVENING): saturday})
    service.stories.save("wire", [found("fair", published=saturday - 6 * HOUR)], saturday - 6 * HOUR)
    assert results(issue(service, saturday)) == [(date(2026, 3, 14), "planned", 1)]


def reader_letter(**changes: object) -> Newsletter:
    return newsletter(mornings=Mornings.READER, zone="Europe/Dublin", **changes)


def test_each_reader_is_due_at_their_own_hour_and_gets_the_newest_frozen_edition(
    serve: Serve, readers: Readers
) -> None:
    letter = reader_letter()
    service = serve(letter)
    issue(service, EVENING)
    for story, at in (("early", EVENING - 17 * HOUR), ("harbour", EVENING)):
        service.stories.save("wire", [found(story, published=at)], at)
    for name, zone in (("tokyo", "Asia/Tokyo"), ("dublin", "Europe/Dublin"), ("lima", "America/Lima")):
        subscribe(readers, f"{name}@example.com", letter, order(zone=zone), at=EVENING)
    planned: dict[datetime, int] = {}
    for hours in range(0, 28):
        at = EVENING + timedelta(hours=hours)
        for issued in issue(service, at):
            if issued.result == "planned":
                planned[at] = issued.planned
    # Tokyo's 07:00 (22:00 UTC) comes before today's cut-off: yesterday's edition, frozen then.
    assert planned == {
        datetime(2026, 3, 9, 22, tzinfo=UTC): 1,
        datetime(2026, 3, 10, 7, tzinfo=UTC): 1,
        datetime(2026, 3, 10, 12, tzinfo=UTC): 1,
        datetime(2026, 3, 10, 22, tzinfo=UTC): 1,
    }


def test_by_hand_only_mornings_that_have_come_are_planned_unless_all_are_asked_for(
    serve: Serve, readers: Readers
) -> None:
    letter = reader_letter()
    service = serve(letter)
    issue(service, EVENING)
    service.stories.save("wire", [found("harbour", published=EVENING)], EVENING)
    for zone in ("Asia/Tokyo", "America/Lima"):
        subscribe(readers, f"{zone[-4:].lower()}@example.com", letter, order(zone=zone), at=EVENING)
    some = issue_by_hand(service, letter, DAY, SEVEN, everyone=False, approve=False)
    assert some.planned == 1
    rest = issue_by_hand(service, letter, DAY, SEVEN, everyone=True, approve=False)
    assert rest.planned == 1


def test_the_date_of_a_moment_is_that_of_the_newest_closed_edition() -> None:
    letter = newsletter(zone="Europe/Dublin", send_at=time(7))
    dublin = ZoneInfo("Europe/Dublin")
    assert edition_date(letter, datetime(2026, 3, 10, 5, 29, tzinfo=dublin)) == date(2026, 3, 9)
    assert edition_date(letter, datetime(2026, 3, 10, 5, 30, tzinfo=dublin)) == DAY
    assert edition_date(letter, datetime(2026, 3, 11, 0, 0, tzinfo=dublin)) == DAY
