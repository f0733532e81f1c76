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
# A page of a file may not read another file, but may run one: this asks for the last stamp again and again.
RELOADING = """<script>
function saved(stamp) { if (stamp !== "%(stamp)s") location.reload() }
setInterval(() => {
  const asked = document.createElement("script")
  asked.src = "%(name)s?" + Date.now()
  asked.onload = () => asked.remove()
  document.head.append(asked)
}, 500)
</script></head>"""


def show(html: bytes) -> None:
    """Open a page in the system's browser."""
    file = _file()
    file.write_bytes(html)
    _open(file)


def watch(page: Callable[[], bytes], places: Sequence[Path]) -> None:
    """Show a page, and show it anew when anything under `places` is saved, until interrupted.

    A page that cannot be made is told, and the last one stays.
    """
    seen = _stamp(places)  # before the page is made, so that no save falls between
    file = _file()
    _write(file, page())
    _open(file)
    say("watching; stop with Ctrl-C")
    while True:
        time.sleep(LOOK_EVERY)
        latest = _stamp(places)
        if latest != seen:
            seen = latest
            try:
                _write(file, page())
                say("shown anew")
            except DigestError as error:
                warn(str(error))


def _file() -> Path:
    """A file that stays until the system clears it: the browser may be slow to read it."""
    with tempfile.NamedTemporaryFile(prefix="digest-preview-", suffix=".html", delete=False) as file:
        return Path(file.name)


def _open(file: Path) -> None:
    webbrowser.open(file.as_uri())
    say(f"opened {file}")


def _write(file: Path, html: bytes) -> None:
    """Save the page as one that reloads itself when it is saved again; the stamp beside it last."""
    stamp, beside = str(time.monotonic_ns()), file.with_suffix(".js")
    script = RELOADING % {"stamp": stamp, "name": beside.name}
    file.write_bytes(html.replace(b"</head>", script.encode(), 1))
    beside.write_text(f'saved("{stamp}")')


def _stamp(places: Sequence[Path]) -> dict[Path, int]:
    """When each file was last saved."""
    files = [file for place in places for file in ([place] if place.is_file() else place.rglob("*"))]
    return {file: file.stat().st_mtime_ns for file in files if file.is_file()}
