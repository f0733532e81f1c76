"""docker-compose.yml, held against the compose specification, the program, and a real PostgreSQL."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from digest.cli.app import app, register
from digest.settings import Settings, load

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docker-compose.yml"
COMPOSE: Mapping[str, Any] = YAML(typ="safe").load(FILE)
SERVICES: Mapping[str, Any] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if one["image"] == "morning-digest"}
READY = {"web": "pages at", "scheduler": "planning", "worker": "sending"}
PATIENCE = 60  # seconds until a process that is slow is taken for one that never comes


def secrets(folder: Path) -> dict[str, str]:
    """The paths of the secrets in a container, and files that stand in for them."""
    found = {}
    for name in COMPOSE["secrets"]:
        (folder / name).write_text(f"{name} {'x' * 32}\n".replace(" ", "-"), encoding="utf-8")
        found[f"/run/secrets/{name}"] = str(folder / name)
    return found


def environment(name: str, folder: Path) -> dict[str, str]:
    """A service's environment, with its variables' defaults and files for its secrets."""
    given = {
        key: re.sub(r"\$\{\w+:-(.*)\}", r"\1", str(value)) for key, value in OURS[name]["environment"].items()
    }
    files = secrets(folder)
    return {key: files.get(value, value) for key, value in given.items()}


def settings(name: str, folder: Path) -> Settings:
    return load(ROOT / "config" / "digest.toml", environment(name, folder))


def test_the_file_keeps_to_the_specification() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_role_is_there_with_two_workers_after_the_migrations() -> None:
    assert {"postgresql", "mailpit", "migrate", "web", "scheduler", "worker"} == set(SERVICES)
    assert SERVICES["worker"]["deploy"]["replicas"] == 2
    for name in ("web", "scheduler", "worker"):
        assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert SERVICES["migrate"]["depends_on"]["postgresql"]["condition"] == "service_healthy"


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_is_root_or_writes_outside_its_volumes(name: str) -> None:
    service = SERVICES[name]
    assert service["user"].partition(":")[0] not in {"", "0", "root"}
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert name == "migrate" or "test" in service["healthcheck"]


def test_what_services_name_is_declared_and_no_secret_stands_in_the_environment() -> None:
    for service in SERVICES.values():
        assert set(service.get("secrets", ())) <= set(COMPOSE["secrets"])
        named = [one.partition(":")[0] for one in service.get("volumes", ()) if not one.startswith(".")]
        assert set(named) <= set(COMPOSE["volumes"])
        for key, value in service["environment"].items():
            assert not re.search("SECRET|PASSWORD", key) or value.startswith("/run/secrets/")


@pytest.mark.parametrize("name", OURS)
def test_commands_and_environment_are_the_programs_own(name: str, tmp_path: Path) -> None:
    register()
    shown = CliRunner().invoke(app, [*OURS[name]["command"], "--help"])
    assert shown.exit_code == 0, shown.output
    found = settings(name, tmp_path)
    assert found.store.url.startswith("postgresql://")
    assert found.store.password.startswith("store_password-xxx")
    assert found.site.secret.startswith("site_secret-xxx")
    assert found.smtp.url.startswith("smtp://mailpit:")


def test_the_image_is_built_from_what_is_there_and_is_not_root() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.startswith("COPY ") and "--from" not in line:
            for source in shlex.split(line)[1:-1]:
                assert (ROOT / source).exists()
                assert f"!{source}" in ignored
    last = lines[[n for n, line in enumerate(lines) if line.startswith("FROM ")][-1] :]
    assert 'ENTRYPOINT ["digest"]' in last
    assert f"USER {OURS['web']['user']}" in last


@pytest.mark.journey
def test_every_service_starts_as_a_plain_process_and_ends_when_asked(
    tmp_path: Path, postgresql_url: str
) -> None:
    (tmp_path / "config").symlink_to(ROOT / "config")
    here = {"DIGEST_STORE__URL": postgresql_url, "DIGEST_WEB__HOST": "127.0.0.1", "DIGEST_WEB__PORT": "0"}
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, service in sorted(OURS.items(), key=lambda one: one[0] != "migrate"):
            variables = {"PATH": os.environ["PATH"], **environment(name, tmp_path), **here}
            command = [sys.executable, "-m", "digest", *service["command"]]
            with (tmp_path / f"{name}.log").open("wb") as log:
                started = subprocess.Popen(command, cwd=tmp_path, env=variables, stderr=log)
            if name == "migrate":
                assert started.wait(PATIENCE) == 0
            else:
                running[name] = started
        for name, process in running.items():
            wait_for(tmp_path / f"{name}.log", READY[name], process)
        health = [sys.executable, "-m", "digest", *OURS["worker"]["healthcheck"]["test"][2:]]
        assert subprocess.run(health, cwd=tmp_path, env=variables, check=False).returncode == 0
        for process in running.values():
            process.send_signal(signal.SIGTERM)
        ended = {name: process.wait(PATIENCE) for name, process in running.items()}
        assert ended == dict.fromkeys(READY, 0)
    finally:
        for process in running.values():
            process.kill()


def wait_for(log: Path, words: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while words not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)
