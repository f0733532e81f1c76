"""`digest preview --watch`: the edition in the browser, shown anew when a template or setting is saved."""

from __future__ import annotations

import tempfile
import time
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path

from digest.cli.console import say, warn
from digest.errors import DigestError

LOOK_EVERY = 0.3  # seconds
RELOAD = b'<meta http-equiv="refresh" content="1">'


def show(html: bytes) -> Path:
    """Open a page in the system's browser, from a file that stays until the system clears it."""
    with tempfile.NamedTemporaryFile(prefix="digest-preview-", suffix=".html", delete=False) as file:
        file.write(html)
    webbrowser.open(Path(file.name).as_uri())
    say(f"opened {file.name}")
    return Path(file.name)


def watch(page: Callable[[], bytes], places: Sequence[Path]) -> None:
    """Show a page, and show it anew when anything under `places` is saved, until interrupted.

    A page that cannot be made is told, and the last one stays.
    """
    seen = _stamp(places)  # before the page is made, so that no save falls between
    file = show(_reloading(page()))
    say("watching; stop with Ctrl-C")
    while True:
        time.sleep(LOOK_EVERY)
        now = _stamp(places)
        if now != seen:
            seen = now
            try:
                file.write_bytes(_reloading(page()))
                say("shown anew")
            except DigestError as error:
                warn(str(error))


def _reloading(html: bytes) -> bytes:
    """The page as one that asks for itself again and again."""
    return html.replace(b"</head>", RELOAD + b"</head>", 1)


def _stamp(places: Sequence[Path]) -> dict[Path, int]:
    """When each file was last saved."""
    files = [file for place in places for file in ([place] if place.is_file() else place.rglob("*"))]
    return {file: file.stat().st_mtime_ns for file in files if file.is_file()}
