"""The commands: parse, call the pipeline, show. Start at `app.py`; one file a family of commands."""

from digest.cli.app import main

__all__ = ["main"]
