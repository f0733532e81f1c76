"""What the commands say of each reader's own morning."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.cli.conftest import Digest, MailServer


def set_mornings(folder: Path, *lines: str) -> None:
    config = folder / "config" / "digest.toml"
    config.write_text(config.read_text(encoding="utf-8") + "\n".join(lines) + "\n", encoding="utf-8")


def test_status_tells_the_next_waves_with_zone_local_time_and_readers(digest: Digest, mornings: Path) -> None:
    set_mornings(mornings, 'mornings = "reader"')
    for name, zone in (("a", "Asia/Tokyo"), ("b", "Asia/Tokyo"), ("c", "America/Lima")):
        digest("subscribe", f"{name}@example.com", "--confirmed", "--zone", zone, "--at", "06:45")
    waves = digest("status", "--json").json["newsletters"][0]["waves"]
    assert {wave["zone"]: wave["readers"] for wave in waves} == {"Asia/Tokyo": 2, "America/Lima": 1}
    for wave in waves:
        local = datetime.fromisoformat(wave["local"])
        assert f"{local:%H:%M}" == "06:45"
        assert local == datetime.fromisoformat(wave["at"]).astimezone(ZoneInfo(wave["zone"]))
    told = digest("status").out
    assert "06:45 Asia/Tokyo, 2 readers" in told
    assert "06:45 America/Lima, 1 reader\n" in told


@pytest.mark.parametrize("mode", ["home", "reader"])
def test_who_has_that_dates_edition_already_is_in_no_coming_wave(
    digest: Digest, mail_server: MailServer, mornings: Path, mode: str
) -> None:
    set_mornings(mornings, f'mornings = "{mode}"', 'send_at = "18:00"', 'cutoff = "17:00"')
    digest("subscribe", "ada@example.com", "--confirmed")
    assert "18:00 UTC, 1 reader\n" in digest("status").out
    digest("send", "--all")
    assert "18:00 UTC, all have its edition already\n" in digest("status").out
    digest("subscribe", "bob@example.com", "--confirmed")
    assert "18:00 UTC, 1 reader\n" in digest("status").out


def test_a_dry_run_leaves_out_whose_own_morning_has_not_come(digest: Digest, mornings: Path) -> None:
    set_mornings(mornings, 'mornings = "reader"')
    digest("subscribe", "ada@example.com", "--confirmed", "--zone", "UTC", "--at", "18:00")
    assert digest("send", "--dry-run", "--json").json["readers"] == 0
    assert digest("send", "--dry-run", "--all", "--json").json["readers"] == 1


def test_a_reader_may_ask_for_no_mail_on_days_without_their_sections(digest: Digest, mornings: Path) -> None:
    digest("subscribe", "ada@example.com", "--confirmed", "--sections", "Sport")
    for flag, said in (("--own-only", True), ("--always", False)):
        assert digest("subscribers", "change", "ada@example.com", flag).code == 0
        [ada] = digest("subscribers", "list", "--json").json["subscribers"]
        assert (ada["own_only"], ada["sections"]) == (said, ["Sport"])


def test_a_rolling_newsletter_is_sent_by_hand_and_again(digest: Digest, mornings: Path) -> None:
    set_mornings(mornings, 'cutoff = "rolling"')
    digest("subscribe", "ada@example.com", "--confirmed")
    assert digest("send", "--dry-run", "--json").json["readers"] == 1
    digest("send")  # to a server that is not there
    [edition] = digest("edition", "list", "--json").json["editions"]
    assert edition["wave"].endswith("T07:00Z")
    assert edition["deliveries"]["all"] == 1
    digest("send")
    assert len(digest("edition", "list", "--json").json["editions"]) == 1


def test_holidays_are_dates(digest: Digest, mornings: Path) -> None:
    set_mornings(mornings, 'skip = ["2026-12-25", 2026-12-26]')
    assert digest("status").code == 0
    set_mornings(mornings, 'days = ["mon"]')
    config = mornings / "config" / "digest.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("2026-12-25", "Christmas"), encoding="utf-8")
    said = digest("status")
    assert said.code == 2
    assert "skip" in said.err
