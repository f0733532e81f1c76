"""How commands that stay begin, and are asked to end."""

from __future__ import annotations

import asyncio
import signal

from digest import logs
from digest.cli.app import common


def begin() -> asyncio.Event:
    """From now on what is said is a service's log; set when it is to end. Needs a running event loop."""
    logs.for_service(debug=common().debug, quiet=common().quiet)
    return stop_on_signals()


def stop_on_signals() -> asyncio.Event:
    """Set when the process is asked to end, by Ctrl-C or SIGTERM. Needs a running event loop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    return stop
