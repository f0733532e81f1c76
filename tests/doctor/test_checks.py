"""The doctor's checks of this machine and of the configuration."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from digest import ownership
from digest.doctor.clock import judge_clock, judge_zones, zone_data
from digest.doctor.configuration import configuration, is_placeholder
from digest.doctor.database import database
from digest.doctor.finding import Finding, Level
from digest.doctor.machine import judge_room, permissions
from digest.doctor.pages import pages
from digest.doctor.templates import templates
from digest.model import Look
from digest.ownership import owner
from digest.resources import resource
from digest.settings import check
from digest.store.database import Database
from digest.store.migrate import upgrade
from tests.asking_server import asking_server
from tests.builders import LOOK, MORNING, NOON, newsletter
from tests.doctor.test_examination import settings


def test_what_is_left_as_it_came_is_told_with_its_key() -> None:
    cures = " ".join(one.cure for one in configuration(check({}, "test")))
    for key in ("[[newsletters]]", "[[sources]]", "site.postal_address", "operator.mail"):
        assert key in cures


def test_a_user_without_a_password_is_an_error() -> None:
    found = configuration(settings(smtp={"user": "paper"}))
    assert Level.ERROR in {one.level for one in found}


def test_names_set_aside_for_examples_are_placeholders() -> None:
    assert is_placeholder("mail.example.com")
    assert not is_placeholder("notexample.com")


def test_a_clock_that_was_set_back_is_an_error() -> None:
    assert judge_clock(NOON, NOON + timedelta(days=1)).level is Level.ERROR
    assert judge_clock(NOON, NOON).level is Level.OK
    assert judge_clock(NOON, None).level is Level.OK


@pytest.mark.parametrize(
    ("version", "level"), [("2025b", Level.OK), ("2019c", Level.WARNING), ("", Level.ERROR)]
)
def test_old_zone_data_are_told(version: str, level: Level) -> None:
    assert judge_zones(version, NOON).level is level


def test_this_machine_has_zone_data() -> None:
    assert zone_data()[:2] == "20"


@pytest.mark.parametrize(
    ("free", "level"), [(10**6, Level.ERROR), (10**9, Level.WARNING), (10**11, Level.OK)]
)
def test_disk_room(free: int, level: Level) -> None:
    assert judge_room(free, Path("var")).level is level


def test_a_file_that_others_can_read_is_named_with_the_cure(tmp_path: Path) -> None:
    secret = tmp_path / "dkim" / "rsa.pem"
    picture = tmp_path / "pictures" / "0123.jpg"
    for file in (secret, picture):
        file.parent.mkdir()
        file.write_text("x")
        file.chmod(0o644)
    [told] = permissions(tmp_path)
    assert told.level is Level.ERROR
    assert told.cure == f"run: chmod 600 {secret}"
    secret.chmod(0o600)
    [told] = permissions(tmp_path)
    assert told.level is Level.OK


def test_a_file_that_the_service_cannot_write_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = tmp_path / "journal.jsonl"
    journal.touch(mode=0o600)
    monkeypatch.setattr(os, "access", lambda place, _mode: place != journal)
    [told] = permissions(tmp_path)
    assert (told.level, "cannot be written by this user" in told.said) == (Level.ERROR, True)
    assert told.cure == f"as root: chown -R {owner(tmp_path)} {journal}"


def test_root_is_told_which_file_is_not_the_services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = tmp_path / "journal.jsonl"
    journal.touch(mode=0o600)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(ownership, "owner", lambda place: "root" if place == journal else "digest")
    [told] = permissions(tmp_path)
    assert (told.level, told.said) == (Level.WARNING, f"{journal} belongs to root, its folder to digest")
    assert told.cure == f"chown -R digest {journal}, and run no command as root"


def test_the_database_is_looked_at_and_not_touched(tmp_path: Path) -> None:
    known = settings(tmp_path)
    [told] = database(known)
    assert told.level is Level.OK
    assert not (tmp_path / "var").exists()
    store = Database(known.store.url, tmp_path)
    [told] = database(known)
    assert told.level is Level.WARNING
    assert "digest db upgrade" in told.cure
    upgrade(store)
    store.close()
    [told] = database(known)
    assert told.level is Level.OK


def test_a_database_that_is_none_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "digest.db").write_text("no database at all, but long enough to be read as one" * 20)
    [told] = database(settings(tmp_path, store={"url": "sqlite:///digest.db"}))
    assert told.level is Level.ERROR
    assert told.said == f"sqlite:///{tmp_path}/digest.db: file is not a database"
    assert "digest db restore FILE" in told.cure


def test_tables_of_a_newer_version_are_an_error(tmp_path: Path) -> None:
    store = Database("sqlite:///digest.db", tmp_path)
    upgrade(store)
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    [told] = database(settings(tmp_path, store={"url": "sqlite:///digest.db"}))
    assert (told.level, "made by a newer version" in told.said) == (Level.ERROR, True)
    assert told.cure == "install that one, or: digest db restore FILE"


def test_every_newsletter_renders_within_its_rules() -> None:
    found = list(templates((MORNING, newsletter(slug="ga", language="ga")), LOOK, NOON))
    assert [(one.check, one.level) for one in found] == [
        ("template morning", Level.OK),
        ("template ga", Level.OK),
    ]


def own_template(folder: Path, html: str) -> Finding:
    (folder / "email").mkdir()
    (folder / "email/edition.html").write_text(html)
    [told] = templates((MORNING,), Look(templates=str(folder)), NOON)
    return told


def test_a_template_that_does_not_render_is_named(tmp_path: Path) -> None:
    told = own_template(tmp_path, "{{ nothing.of.the.kind() }}")
    assert told.level is Level.ERROR
    assert "edition.html" in told.said


def test_a_template_that_breaks_a_rule_is_told_which(tmp_path: Path) -> None:
    whole = resource("templates/email/edition.html").read_text()
    told = own_template(tmp_path, whole.replace("links.unsubscribe", "links.web"))
    assert told.level is Level.ERROR
    assert "no link to unsubscribe" in told.said


async def test_a_public_address_is_https_and_answers() -> None:
    found = [one async for one in pages(settings(site={"url": "http://0.0.0.0:9"}), 1)]
    assert [one.level for one in found] == [Level.ERROR, Level.ERROR]
    alone, cannot_leave = [one async for one in pages(settings())]
    assert "this machine alone" in alone.said
    assert (cannot_leave.level, cannot_leave.said[:16]) == (Level.WARNING, "nobody can leave")
    by_mail = settings(returns={"unsubscribe": "leave@paper.ie"})
    assert len([one async for one in pages(by_mail)]) == 1
    [told] = [one async for one in pages(settings(site={"url": "https://digest.example.com"}))]
    assert "placeholder" in told.said


def test_the_store_is_opened_with_its_password(tmp_path: Path) -> None:
    with asking_server() as server:
        [told] = database(settings(tmp_path, store={"url": server.url, "password": "quay"}))
        assert told.level is Level.ERROR
        assert "no entry" in told.said
        assert server.passwords[0] == "quay"
