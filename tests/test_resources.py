"""Templates and samples are found in a wheel and in a checkout."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from digest import resources
from digest.resources import PACKAGE, resource

CHECKOUT = PACKAGE.parent


def test_templates_and_configuration_are_found() -> None:
    assert (resource("templates") / "email/edition.html").is_file()
    assert resource("config").is_dir()


def test_a_file_is_found_by_its_path() -> None:
    assert resource("templates/email/style.css").is_file()


def test_what_is_missing_is_named_with_the_cure() -> None:
    with pytest.raises(FileNotFoundError, match=r"templates/none is missing .* install the package again"):
        resource("templates/none")


def test_inside_a_wheel_the_package_has_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "digest/templates/only-in-the-wheel").mkdir(parents=True)
    monkeypatch.setattr(resources, "PACKAGE", tmp_path / "digest")
    assert resource("templates/only-in-the-wheel") == tmp_path / "digest/templates/only-in-the-wheel"


def test_every_folder_of_code_is_named_for_the_wheel() -> None:
    """The list stands in pyproject.toml in full, because setuptools' `find` knows no mapped folders."""
    settings = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["setuptools"]
    folders = {path.parent.relative_to(CHECKOUT) for path in PACKAGE.rglob("*.py")}
    packages = {".".join(folder.parts) for folder in folders}
    assert set(settings["packages"]) - set(settings["package-dir"]) == packages
    assert settings["package-dir"] == {"digest.config": "config", "digest.templates": "templates"}


@pytest.mark.system  # builds a wheel: needs pip and a build backend
def test_a_wheel_carries_templates_samples_and_catalogues(tmp_path: Path) -> None:
    tree, target = tmp_path / "tree", tmp_path / "target"
    ignored = shutil.ignore_patterns(".*", "*.egg-info", "__pycache__", "tests", "var", "build", "dist")
    shutil.copytree(CHECKOUT, tree, ignore=ignored)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", str(tmp_path), str(tree)], check=True)
    wheel = next(tmp_path.glob("*.whl"))
    subprocess.run([*pip, "install", "--no-deps", "--target", str(target), str(wheel)], check=True)
    script = (
        "from digest.resources import resource; print(resource('templates/email/edition.html'));"
        "print(resource('config/sample'));"
        "from digest.render.catalogue import languages; print(len(languages()))"
    )
    python = [sys.executable, "-c", script]
    told = subprocess.check_output(python, cwd=tmp_path, env={"PYTHONPATH": str(target)}, text=True)
    templates, sample, languages = told.splitlines()
    assert templates.startswith(str(target))
    assert sample.startswith(str(target))
    assert int(languages) == 7
    environment = {"PYTHONPATH": str(target), "PATH": os.environ["PATH"]}
    for command in (["init", "mornings"], ["demo", "--once"]):
        run = [sys.executable, "-m", "digest", *command]
        subprocess.run(run, cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert (target / "digest/config/systemd/digest.service").is_file()
