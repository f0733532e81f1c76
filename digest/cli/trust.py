"""Commands about mail that is trusted: `digest dkim …`, `digest secret …`."""

from __future__ import annotations

from typing import Annotated

import typer

from digest.cli.app import command, group, settings
from digest.cli.console import now, on_terminal, out, out_json, say
from digest.cli.options import AsJson, Yes
from digest.errors import UsageError

FOLDER = "var/dkim"
SELECTOR = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"  # one label of a domain name

dkim = group("dkim", "Signing keys: new, show.")
secret = group("secret", "The secret that signs links: rotate, accept.")


@command("new", dkim)
def new_dkim_key(
    selector: Annotated[str, typer.Argument(metavar="[SELECTOR]")] = "",
    ed25519: Annotated[bool, typer.Option("--ed25519", help="Ed25519 in place of RSA of 2048 bits.")] = False,
) -> int:
    """Make a signing key, and show the DNS record to publish before it is used.

    \b
    Examples: digest dkim new
              digest dkim new news2027 --ed25519
    """
    import re

    from digest import wiring
    from digest.deliver.dkim_keys import new_key

    selector = selector or f"{'ed' if ed25519 else 'rsa'}{now():%Y%m}"
    if not re.fullmatch(SELECTOR, selector):
        raise UsageError(f"{selector!r} is no selector: small letters, digits and hyphens, at most 63")
    with wiring.opened(settings()) as app:
        file = app.settings.folder / FOLDER / f"{selector}.pem"
        try:
            key = new_key(file, ed25519=ed25519)
        except FileExistsError:
            raise UsageError(f"{file} is there already; name another selector") from None
        for record in app.dkim_records((key,)):
            out(record.zone_line)
    say(f"made {file}. Publish the record above; when others see it, add to config/digest.toml:")
    say(f'  [dkim]\n  keys = ["{FOLDER}/{selector}.pem"]')
    return 0


@command("show", dkim)
def show_dkim_keys(as_json: AsJson = False) -> int:
    """Show the DNS record of each key that signs.

    \b
    Example: digest dkim show
    """
    from digest import wiring

    with wiring.opened(settings()) as app:
        records = app.dkim_records(app.dkim_keys)
    if as_json:
        out_json({"records": [{"type": "TXT", **record._asdict()} for record in records]})
        return 0
    for record in records:
        out(record.zone_line)
    if not records:
        say("nothing is signed: make a key with digest dkim new")
    return 0


@command("rotate", secret)
def rotate_the_secret() -> int:
    """Sign new links with a new secret. Links in mails already sent stay good.

    \b
    Example: digest secret rotate && systemctl restart digest
    """
    from digest import wiring

    with wiring.opened(settings()) as app:
        file = wiring.rotate_secret(app.settings, app.seal)
    say(f"a new secret is on top of {file}; now restart whatever is running, and keep the lines below it:")
    say("old links need them, and suppressed addresses are kept under the last one")
    return 0


@command("accept", secret)
def accept_the_secret(yes: Yes = False) -> int:
    """Go on without a secret that is lost for good: by the one at hand, or a new one.

    Links already sent break, and who was suppressed is not known any more: subscribed again, they get mail.

    \b
    Example: digest secret accept
    """
    from digest import wiring

    config = settings()
    if not yes and not on_terminal():
        raise UsageError("what was kept under the old secret is lost: without a terminal, say --yes")
    if not yes and not typer.confirm("Give up what was kept under the old secret?"):
        return 0
    with wiring.opened(config) as app:
        wiring.accept_secret(config, app.seal)
    say("the database belongs to the secret at hand now; import the suppressions you have a list of")
    return 0
