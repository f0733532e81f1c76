"""What a signature costs: the signer over a mail's own size, against the bare operation of its key.

    nice python -m tests.bench.dkim

Interleaved in one process; the ratio is what counts, the times are this machine's.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import dkim as dkimpy

from digest.deliver.dkim import Key, Signer
from digest.deliver.dkim_keys import new_key
from digest.render.edition import render
from digest.render.splice import Splicer
from tests.bench.splice import compare
from tests.render.editions import LETTER, LOOK, PREFERENCES, SECTIONS, UNSUBSCRIBE, edition


def main() -> None:
    splicer = Splicer(render(edition(sections=SECTIONS, told=4, also=4), LOOK))
    mails = [splicer.mail(LETTER._replace(delivery=n), UNSUBSCRIBE, PREFERENCES) for n in range(200)]
    print(f"{len(mails[0]) / 1024:.1f} KiB a mail")
    with tempfile.TemporaryDirectory() as folder:
        rsa = new_key(Path(folder) / "rsa.pem")
        ed25519 = new_key(Path(folder) / "ed25519.pem", ed25519=True)
        pem = (Path(folder) / "rsa.pem").read_bytes()
    against_the_key(rsa, mails)
    against_the_key(ed25519, mails)
    signer = Signer([rsa])
    compare(
        "rsa",
        ("a signed mail", "dkimpy"),
        lambda n: signer(mails[n]),
        lambda n: dkimpy.sign(mails[n], b"rsa", b"example.org", pem, None, (b"relaxed", b"relaxed")),
        20,
    )


def against_the_key(key: Key, mails: list[bytes]) -> None:
    signer = Signer([key])
    names = ("the key alone", "a signed mail")
    compare(key.selector, names, lambda n: key.sign(mails[n][:1000]), lambda n: signer(mails[n]), len(mails))


if __name__ == "__main__":
    main()
