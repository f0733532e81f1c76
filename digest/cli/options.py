"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Confirmed = Annotated[bool, typer.Option("--confirmed", help="Consent is proven: send no mail to confirm.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Slug = Annotated[
    str | None, typer.Option("--newsletter", metavar="SLUG", help="Needed where there are several.")
]
Day = Annotated[str, typer.Option("--date", metavar="YYYY-MM-DD", help="The edition's date; else today's.")]
Zone = Annotated[str, typer.Option(metavar="IANA", help="The reader's time zone; else the newsletter's.")]
At = Annotated[str, typer.Option(metavar="HH:MM", help="The reader's own hour; a quarter hour.")]
Sections = Annotated[str, typer.Option(metavar="A,B", help="Only these sections; else all.")]
