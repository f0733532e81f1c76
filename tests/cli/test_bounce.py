"""Returned mail by command: told always, applied only where a token of ours says whose it is."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cli.conftest import Digest, MailServer

REPORT = """\
From: MAILER-DAEMON@mx.example.net
To: bounce@example.com
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <{address}>: user unknown

--b
Content-Type: text/rfc822-headers

{head}
--b--
"""


def returned(address: str, head: str) -> str:
    return REPORT.format(address=address, head=head)


def test_a_mail_that_came_back_suppresses_exactly_its_reader(
    digest: Digest, mail_server: MailServer, mornings: Path
) -> None:
    for name in ("ada", "bob"):
        digest("subscribe", f"{name}@example.com", "--confirmed")
    digest("send")
    raw = {mail.rcpt[0]: mail.raw for mail in mail_server.mailbox}["ada@example.com"]
    head = raw.partition(b"\r\n\r\n")[0].decode().replace("\r\n", "\n")
    # The report names bob; the token in the returned headers is ada's, and it decides.
    (mornings / "back.eml").write_text(returned("bob@example.com", head))
    said = digest("bounce", "back.eml", "--json")
    assert said.code == 0
    [result] = said.json["results"]
    assert (result["file"], result["kind"], result["applied"]) == ("back.eml", "hard", True)
    assert digest("subscribers", "show", "ada@example.com", "--json").json["status"] == "suppressed"
    assert digest("subscribers", "show", "bob@example.com", "--json").json["status"] == "active"


def test_a_forged_report_is_told_and_changes_nothing(digest: Digest, mornings: Path) -> None:
    digest("subscribe", "ada@example.com", "--confirmed")
    forged = "List-Unsubscribe: <https://digest.example.com/unsubscribe/" + "A" * 43 + ">"
    said = digest("bounce", "-", "--json", stdin=returned("ada@example.com", forged))
    assert said.json["results"] == [
        {
            "file": "-",
            "kind": "hard",
            "recipients": [
                {
                    "address": "ada@example.com",
                    "kind": "hard",
                    "status": "5.1.1",
                    "reply": said.json["results"][0]["recipients"][0]["reply"],
                }
            ],
            "applied": False,
        }
    ]
    assert digest("subscribers", "show", "ada@example.com", "--json").json["status"] == "active"


def test_an_ordinary_mail_says_nothing_of_anybody(digest: Digest, mornings: Path) -> None:
    said = digest("bounce", "-", "--json", stdin="From: ida@example.com\nSubject: Hello\n\nGood morning.\n")
    assert said.json["results"] == [{"file": "-", "kind": "none", "recipients": [], "applied": False}]


def test_with_verp_the_envelope_says_whose_mail_it_was(
    digest: Digest, mail_server: MailServer, mornings: Path
) -> None:
    file = mornings / "config" / "digest.toml"
    file.write_text(file.read_text() + "[returns]\nverp = true\n")
    digest("subscribe", "ada@example.com", "--confirmed")
    digest("send")
    [mail] = mail_server.mailbox
    assert re.fullmatch(r"bounce\+[\w-]{43}@example\.com", mail.mail_from)
    back = returned("somebody@example.net", "Subject: x").replace("bounce@example.com", mail.mail_from)
    assert digest("bounce", "-", "--json", stdin=back).json["results"][0]["applied"] is True
    assert digest("subscribers", "show", "ada@example.com", "--json").json["status"] == "suppressed"


def test_who_is_off_is_told_why_and_who_lifted_it(digest: Digest, mornings: Path) -> None:
    digest("subscribe", "ada@example.com", "--confirmed")
    digest("suppressions", "add", "ada@example.com", "--reason", "asked by phone")
    assert "asked by phone" in digest("subscribers", "show", "ada@example.com").out
    assert digest("suppressions", "lift", "ada@example.com", "--by", "Ruth").code == 0
    shown = digest("subscribers", "show", "ada@example.com", "--json").json
    assert (shown["status"], shown["suppression"]) == ("active", None)
    [past] = shown["lifted"]
    assert (past["reason"], past["lifted_by"]) == ("asked by phone", "Ruth")
    assert "by Ruth" in digest("subscribers", "show", "ada@example.com").out
