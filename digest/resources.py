"""Where the files that ship beside the code are found: templates, sample configuration.

A wheel carries them inside the package (`digest/templates`, `digest/config`). An editable install has no
such folders, because setuptools maps them into wheels only; there they stand in the checkout, one level up.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


@cache
def resource(name: str) -> Path:
    """The folder `templates` or `config`, or a file in one of them ("config/digest.toml").

    Raises FileNotFoundError when the installation is incomplete.
    """
    for root in (PACKAGE, PACKAGE.parent):
        if (root / name).exists():
            return root / name
    raise FileNotFoundError(f"{name} is missing beside {PACKAGE}: install the package again")
