"""The unit files fit the program, each other, and what Operating says to do with them."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from digest.cli.app import PARTLY, USAGE
from digest.resources import resource
from tests.docs.reference import DOCS

OPERATING = (DOCS / "operating.md").read_text(encoding="utf-8")
UNITS = sorted(name for name in re.findall(r"`(digest[\w-]*\.(?:service|timer))`", OPERATING))
SERVICES = [name for name in UNITS if name.endswith(".service")]
Unit = dict[str, list[str]]


def unit(name: str) -> Unit:
    """The values of each key, in order; "Section.Key" is its name."""
    keys, section = defaultdict(list), ""
    for line in resource(f"config/systemd/{name}").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            keys[f"{section}.{key}"].append(value)
    return keys


def test_operating_tells_of_every_unit() -> None:
    there = {file.name for file in resource("config/systemd").iterdir()}
    assert set(UNITS) == there


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_runs_our_program_in_its_folder_as_its_user(name: str) -> None:
    keys = unit(name)
    assert keys["Service.User"] == ["digest"]
    assert keys["Service.WorkingDirectory"] == ["/srv/mornings"]
    assert keys["Service.EnvironmentFile"] == ["-/etc/digest.env"]
    [start] = keys["Service.ExecStart"]
    assert "/srv/digest/bin/digest " in start
    for told in ("useradd --system --home-dir /srv/mornings digest", "python3 -m venv /srv/digest"):
        assert told in OPERATING
    assert "/etc/digest.env" in OPERATING


def test_a_wrong_configuration_is_not_tried_again_and_a_fault_is() -> None:
    keys = unit("digest.service")
    assert keys["Service.Restart"] == ["always"]
    assert keys["Service.RestartPreventExitStatus"] == [str(USAGE)]


def test_a_pass_that_leaves_something_for_the_next_has_not_failed() -> None:
    assert unit("digest-once.service")["Service.SuccessExitStatus"] == [str(PARTLY)]


def test_backups_are_kept_in_a_folder_that_is_made_and_pruned() -> None:
    keys = unit("digest-backup.service")
    [before], [made], [after] = (
        keys[f"Service.{key}"] for key in ("ExecStartPre", "ExecStart", "ExecStartPost")
    )
    file = re.search(r"(/srv/[\w/]+)/(digest-)\$\(date \+%%F\)(\.db)", made)
    assert file, made
    folder, *name = file.groups()
    assert before.startswith("+/usr/bin/install -d -o digest ")
    assert before.endswith(f" {folder}")
    assert after == f'/usr/bin/find {folder} -name "{"*".join(name)}" -mtime +30 -delete'
    assert f"`{folder}`, kept for 30 days" in OPERATING


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".timer")])
def test_a_timer_starts_the_service_of_its_name(name: str) -> None:
    assert name.replace(".timer", ".service") in UNITS
    assert unit(name)["Install.WantedBy"] == ["timers.target"]
