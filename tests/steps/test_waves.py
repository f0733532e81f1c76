"""A rolling newsletter: an edition for each wave of mornings, composed afresh."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from digest.model import EditionState, Mornings, Newsletter
from digest.steps.by_hand import issue_by_hand
from digest.store.archive import Archive
from digest.store.database import Database
from tests.builders import newsletter
from tests.steps.conftest import Live
from tests.steps.mornings import DAY, HOUR, MINUTE

EVENING = datetime(2026, 3, 9, 20, tzinfo=UTC)
TODAY = date(2026, 3, 10)
TOKYO, DUBLIN, LIMA = (datetime(2026, 3, 9, 22, tzinfo=UTC), EVENING + 11 * HOUR, EVENING + 16 * HOUR)


def rolling(**changes: object) -> Newsletter:
    return newsletter(**{"mornings": Mornings.READER, "zone": "Europe/Dublin", "cutoff": None} | changes)


def test_each_wave_has_an_edition_of_its_own_composed_at_its_hour(live: Live) -> None:
    mornings = live(rolling())
    mornings.tick(EVENING)
    for name, zone in (("tokyo", "Asia/Tokyo"), ("dublin", "Europe/Dublin"), ("lima", "America/Lima")):
        mornings.join(name, EVENING, zone=zone)
    for number, at in enumerate((TOKYO, DUBLIN, LIMA)):
        mornings.publish(f"s{number}", at - HOUR)
        assert mornings.tick(at - MINUTE) == []
        [issued] = mornings.tick(at)
        assert (issued.result, issued.planned, issued.wave) == ("planned", 1, f"{at:%Y-%m-%dT%H:%MZ}")
    mails = mornings.mails()
    assert [(mail.reader, mail.day) for mail in mails] == [
        ("tokyo", TODAY),
        ("dublin", TODAY),
        ("lima", TODAY),
    ]
    assert [len(mail.stories) for mail in mails] == [1, 2, 3]
    assert len({mail.edition for mail in mails}) == 3


def test_readers_of_different_zones_who_are_due_at_one_instant_share_a_wave(live: Live) -> None:
    mornings = live(rolling())
    mornings.tick(EVENING)
    mornings.publish("harbour", EVENING)
    mornings.join("dublin", EVENING, zone="Europe/Dublin")
    mornings.join("berlin", EVENING, zone="Europe/Berlin", at=time(8))
    [issued] = mornings.tick(DUBLIN)
    assert issued.planned == 2
    assert len({mail.edition for mail in mornings.mails()}) == 1


def test_a_wave_without_readers_is_not_composed_but_the_home_one_is_for_the_archive(
    live: Live, database: Database
) -> None:
    mornings = live(rolling())
    mornings.tick(EVENING)
    mornings.publish("harbour", EVENING)
    gone = mornings.join("tokyo", EVENING, zone="Asia/Tokyo")
    mornings.readers.leave(gone.ref, EVENING)
    assert mornings.tick(TOKYO) == []
    assert [issued.planned for issued in mornings.tick(DUBLIN)] == [0]
    assert [past.date for past in Archive(database).newest(mornings.newsletter, 5)] == [TODAY]


def test_what_a_reader_had_is_left_out_and_new_stories_fill_the_mail(live: Live) -> None:
    mornings = live(rolling(max_stories=3))
    mornings.tick(EVENING)
    mornings.join("ada", EVENING)
    for n in range(4):
        mornings.publish(f"first{n}", DUBLIN - HOUR)
    mornings.tick(DUBLIN)
    for n in range(2):
        mornings.publish(f"second{n}", DUBLIN + HOUR)
    mornings.join("newcomer", DUBLIN + HOUR)
    mornings.tick(DUBLIN + DAY)
    one, two, newcomer = mornings.mails()
    assert not set(one.stories) & set(two.stories)
    titles = mornings.titles(two.edition)
    assert titles[:2] == ["The second0 story", "The second1 story"]
    assert set(newcomer.stories) > set(two.stories), "who had nothing gets the older ones as well"


def test_a_late_wave_is_caught_up_in_order_and_later_than_late_by_it_is_missed(live: Live) -> None:
    mornings = live(rolling())
    mornings.tick(EVENING)
    mornings.publish("harbour", EVENING)
    for name, zone in (("tokyo", "Asia/Tokyo"), ("dublin", "Europe/Dublin"), ("lima", "America/Lima")):
        mornings.join(name, EVENING, zone=zone)
    issued = mornings.tick(DUBLIN + 3 * HOUR)
    assert [(one.result, one.wave[-6:]) for one in issued] == [("missed", "22:00Z"), ("planned", "07:00Z")]
    missed = mornings.service.editions.find(mornings.newsletter, date(2026, 3, 9), "2026-03-09T22:00Z")
    assert missed is not None
    assert missed.state is EditionState.MISSED
    assert mornings.days("tokyo") == []


def test_by_hand_there_is_one_edition_its_wave_the_home_morning(live: Live) -> None:
    letter = rolling()
    mornings = live(letter)
    mornings.tick(EVENING)
    mornings.publish("harbour", EVENING)
    for name, zone in (("tokyo", "Asia/Tokyo"), ("lima", "America/Lima")):
        mornings.join(name, EVENING, zone=zone)
    sent = issue_by_hand(mornings.service, letter, TODAY, DUBLIN - HOUR, everyone=True, approve=False)
    assert (sent.planned, sent.wave) == (2, "2026-03-10T07:00Z")
    assert mornings.tick(DUBLIN)[0].planned == 0
    assert mornings.tick(LIMA)[0].planned == 0, "its date has been sent"


def test_the_archive_shows_the_home_wave_and_until_it_is_there_the_newest(
    live: Live, database: Database
) -> None:
    letter = rolling()
    mornings, archive = live(letter), Archive(database)
    mornings.tick(EVENING)
    mornings.publish("harbour", EVENING)
    mornings.join("delhi", EVENING, zone="Asia/Kolkata")
    mornings.join("lima", EVENING, zone="America/Lima")
    early = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
    mornings.tick(early)
    shown = archive.find(letter, TODAY)
    assert shown is not None
    assert archive.newest(letter, 5) == []
    for number, at in enumerate((DUBLIN, LIMA)):
        mornings.publish(f"s{number}", at - HOUR)
        mornings.tick(at)
    home = mornings.service.editions.find(letter, TODAY, "2026-03-10T07:00Z")
    assert home is not None
    assert [past.id for past in archive.newest(letter, 5)] == [home.id]
    assert getattr(archive.find(letter, TODAY), "id", 0) == home.id


def test_a_weekly_rolling_edition_reaches_back_to_its_readers_last_morning(live: Live) -> None:
    mornings = live(rolling(days="sat"))
    friday = datetime(2026, 3, 13, 12, tzinfo=UTC)
    mornings.tick(friday)
    mornings.join("tokyo", friday, zone="Asia/Tokyo", days="sat")
    mornings.publish("first", friday)
    saturday_in_tokyo = friday + 10 * HOUR
    mornings.tick(saturday_in_tokyo)
    mornings.publish("just-after", saturday_in_tokyo + HOUR)
    mornings.tick(saturday_in_tokyo + 7 * DAY)
    assert mornings.days("tokyo") == [date(2026, 3, 14), date(2026, 3, 21)]
    assert [len(mail.stories) for mail in mornings.mails()] == [1, 1]


def test_a_weekly_wave_composed_late_or_by_hand_still_covers_its_week(live: Live) -> None:
    letter = rolling(days="tue", zone="UTC")
    mornings = live(letter)
    mornings.tick(DUBLIN - 7 * DAY)
    mornings.publish("wednesday", DUBLIN - 6 * DAY)
    mornings.join("ada", EVENING, days="tue")
    sent = issue_by_hand(mornings.service, letter, TODAY, DUBLIN + HOUR, everyone=True, approve=False)
    assert (sent.result, sent.planned) == ("planned", 1)
    assert len(mornings.mails()[0].stories) == 1
