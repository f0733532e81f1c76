"""Preview, send, send again, stop, resume, approve: an edition by hand."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Digest, MailServer


def subscribe(digest: Digest, *names: str) -> None:
    for name in names:
        assert digest("subscribe", f"{name}@example.com", "--confirmed").code == 0


def body(mail: bytes) -> bytes:
    return mail.partition(b"\r\n\r\n")[2]


def test_a_preview_sends_nothing_and_reports(digest: Digest, mornings: Path) -> None:
    said = digest("preview", "--json")
    assert said.code == 0
    assert (said.json["stories"], said.json["leads_missing"]) == (3, [])
    assert "Bridge opens a year early" in digest("preview").out
    assert digest("status", "--json").json["newsletters"][0]["editions"] == []


def test_a_preview_writes_html_text_and_mail(digest: Digest, mornings: Path) -> None:
    for name, holds in (
        ("a.html", b"<!DOCTYPE html>"),
        ("a.txt", b"Ferries go quiet"),
        ("a.eml", b"List-Unsubscribe:"),
    ):
        assert digest("preview", "--out", name).code == 0
        assert holds in (mornings / name).read_bytes()
    assert digest("preview", "--out", "a.pdf").code == 2


def test_a_preview_is_opened_on_one_page_with_its_report(
    digest: Digest, mornings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    assert digest("preview", "--open").code == 0
    [address] = opened
    page = Path(address.removeprefix("file://"))
    assert "Bridge opens a year early" in page.read_text()
    assert "Pictures off" in page.read_text()
    page.unlink()


def test_dead_links_are_named_when_asked_for(
    digest: Digest, mornings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise OSError("no such host")

    monkeypatch.setattr("socket.getaddrinfo", unknown)  # no test asks the internet
    line = '{"url": "http://127.0.0.1:9/gone", "title": "A story on no page", "lead": "It is gone."}'
    (mornings / "more.jsonl").write_text(line)
    digest("import", "more.jsonl")
    assert "links_dead" not in digest("preview", "--json").json
    said = digest("preview", "--json", "--check-links").json
    assert "http://127.0.0.1:9/gone" in [link["url"] for link in said["links_dead"]]
    assert any("port 9" in warning for warning in said["warnings"])
    assert any("no such host" in warning for warning in said["warnings"])


def test_a_preview_for_a_reader_is_what_that_reader_gets(
    digest: Digest, mail_server: MailServer, mornings: Path
) -> None:
    digest("subscribe", "ada@example.com", "--confirmed", "--sections", "Sport")
    digest("preview", "--for", "ada@example.com", "--out", "before.eml")
    digest("send")
    digest("preview", "--for", "ada@example.com", "--out", "after.eml")
    [received] = mail_server.mailbox
    assert body((mornings / "before.eml").read_bytes()) == body(received.raw)
    assert (mornings / "after.eml").read_bytes() == received.raw


def test_an_empty_edition_is_said_with_its_reason(digest: Digest, mornings: Path) -> None:
    subscribe(digest, "ada")
    (mornings / "var" / "digest.db").unlink()
    subscribe(digest, "ada")
    rehearsed = digest("send", "--dry-run")
    assert (rehearsed.code, "no story is stored" in rehearsed.out) == (3, True)
    for command in ("preview", "send"):
        said = digest(command)
        assert said.code == 3
        assert "no story is stored" in said.err
    [edition] = digest("status", "--json").json["newsletters"][0]["editions"]
    assert edition["state"] == "empty"


def test_everyone_gets_it_once_however_often_it_is_sent(digest: Digest, mail_server: MailServer) -> None:
    subscribe(digest, "ada", "bob", "cleo")
    first = digest("send", "--json")
    assert first.code == 0
    assert (first.json["accepted"], first.json["all"]) == (3, 3)
    again = digest("send", "--json")
    assert again.code == 0
    assert (again.json["accepted"], again.json["all"]) == (3, 3)
    assert mail_server.addresses() == ["ada@example.com", "bob@example.com", "cleo@example.com"]


def test_who_subscribes_after_the_send_gets_it_with_the_next(digest: Digest, mail_server: MailServer) -> None:
    subscribe(digest, "ada")
    digest("send")
    subscribe(digest, "bob")
    assert digest("send", "--json").json["accepted"] == 2
    assert mail_server.addresses() == ["ada@example.com", "bob@example.com"]


def test_a_dry_run_tells_and_sends_nothing(digest: Digest, mail_server: MailServer) -> None:
    subscribe(digest, "ada", "bob")
    said = digest("send", "--dry-run", "--json")
    assert said.code == 0
    assert (said.json["readers"], said.json["stories"]) == (2, 3)
    assert len(mail_server.mailbox) == 0
    assert digest("status", "--json").json["newsletters"][0]["editions"] == []


def test_a_dry_run_counts_who_has_yet_to_get_it(digest: Digest, mail_server: MailServer) -> None:
    subscribe(digest, "ada")
    digest("send")
    digest("unsubscribe", "ada@example.com")
    assert digest("send", "--dry-run", "--json").json["readers"] == 0
    subscribe(digest, "bob")
    assert digest("send", "--dry-run", "--json").json["readers"] == 1


def test_a_dry_run_counts_those_who_are_still_tried(digest: Digest, mornings: Path) -> None:
    subscribe(digest, "ada")
    assert digest("send").code == 3  # to a server that is not there
    assert digest("send", "--dry-run", "--json").json["readers"] == 1


def test_a_dry_run_tells_how_many_kinds_of_mail_and_how_long(
    digest: Digest, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(digest, "ada", "bob")
    digest("subscribe", "cleo@example.com", "--confirmed", "--sections", "Sport")
    said = digest("send", "--dry-run", "--json").json
    assert (said["variants"], said["seconds"]) == (2, None)
    monkeypatch.setenv("DIGEST_SMTP__RATE", "0.01")
    said = digest("send", "--dry-run")
    assert "3 of 3 readers would get it now, 2 choices of sections; 3 stories" in said.out
    assert "of 102 KiB" in said.out
    assert "about 5 minutes" in said.out


def test_a_test_copy_is_marked_and_leaves_no_trace(digest: Digest, mail_server: MailServer) -> None:
    subscribe(digest, "ada")
    said = digest("send", "--to", "editor@example.com", "--to", "desk@example.com", "--json")
    assert said.code == 0
    assert [one["outcome"] for one in said.json["copies"]] == ["accepted", "accepted"]
    ids = {
        line
        for mail in mail_server.mailbox
        for line in mail.raw.split(b"\r\n")
        if line[:11] == b"Message-ID:"
    }
    assert len(ids) == 2
    copy = next(mail for mail in mail_server.mailbox if mail.rcpt == ("editor@example.com",))
    assert copy.rcpt == ("editor@example.com",)
    assert b"Subject: [Test] " in copy.raw
    assert b"To: <editor@example.com>" in copy.raw
    assert digest("status", "--json").json["newsletters"][0]["editions"] == []


def test_an_unreachable_mail_server_loses_nothing_and_says_so(digest: Digest, mornings: Path) -> None:
    subscribe(digest, "ada")
    said = digest("send")
    assert said.code == 3
    assert "127.0.0.1:9" in said.err
    status = digest("status", "--json").json
    assert status["newsletters"][0]["editions"][0]["deliveries"]["planned"] == 1
    with MailServer() as server:
        file = mornings / "config" / "digest.toml"
        file.write_text(file.read_text().replace("127.0.0.1:9", f"127.0.0.1:{server.port}"))
        assert digest("send").code == 0
        assert server.addresses() == ["ada@example.com"]
    assert digest("status", "--json").json["incidents"] == []


def test_from_cron_too_a_correction_is_told_that_was_asked_for_at_the_desk(
    digest: Digest, mornings: Path, mail_server: MailServer
) -> None:
    subscribe(digest, "ada")
    assert digest("send").code == 0
    asked = "INSERT INTO telling (edition, revision, said, after, asked) VALUES (1, 1, 'Sorry.', 0, 0)"
    with closing(sqlite3.connect(mornings / "var" / "digest.db")) as database, database:
        database.execute(asked)
    assert digest("run", "--once").code in {0, 3}
    assert mail_server.addresses() == ["ada@example.com", "ada@example.com"]
    assert digest("run", "--once").code in {0, 3}
    assert len(mail_server.addresses()) == 2


def test_a_stopped_run_sends_nothing_until_it_is_resumed(digest: Digest, mail_server: MailServer) -> None:
    subscribe(digest, "ada")
    assert digest("stop").code == 0
    assert digest("run", "--once").code in {0, 3}
    assert len(mail_server.mailbox) == 0
    assert "stopped by hand" in digest("status").out
    assert "resumed" in digest("resume").err
    assert digest("send").code == 0
    assert mail_server.addresses() == ["ada@example.com"]


def test_who_sends_by_hand_is_told_what_goes_on(digest: Digest, mail_server: MailServer) -> None:
    subscribe(digest, "ada")
    assert digest("stop").code == 0
    sent = digest("send", "--yes")
    assert (sent.code, "goes on: all was paused: stopped by hand" in sent.err) == (0, True)
    assert "paused" not in digest("status").out


def test_what_a_restored_backup_holds_is_sent_after_a_resume_alone(
    digest: Digest, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(digest, "ada")
    with monkeypatch.context() as away:
        away.setenv("DIGEST_SMTP__URL", "smtp://127.0.0.1:9")
        assert digest("send", "--yes").code == 3
    digest("db", "backup", "backup.db")
    assert digest("db", "restore", "backup.db", "--yes").code == 0
    held = digest("send", "--yes", "--json")
    assert (held.code, held.json["result"]) == (3, "paused")
    assert "restored from a backup" in held.err
    assert "digest resume" in held.err
    assert mail_server.addresses() == []
    assert digest("resume").code == 0
    assert digest("send", "--yes").code == 0
    assert mail_server.addresses() == ["ada@example.com"]


def test_a_held_edition_needs_a_word(digest: Digest, mail_server: MailServer) -> None:
    subscribe(digest, "ada")
    assert digest("edition", "hold").code == 0
    held = digest("send")
    assert held.code == 3
    assert "--approve" in held.err
    assert digest("edition", "approve").code == 0
    assert digest("send").code == 0
    assert mail_server.addresses() == ["ada@example.com"]
    assert digest("edition", "hold").code == 2


def test_a_wrong_date_is_refused(digest: Digest, mornings: Path) -> None:
    assert "2026-03-01" in digest("preview", "--date", "tomorrow").err


def test_editions_and_their_stories_are_listed(digest: Digest, mail_server: MailServer) -> None:
    subscribe(digest, "ada")
    digest("send")
    [listed] = digest("edition", "list", "--json").json["editions"]
    assert (listed["state"], listed["deliveries"]["accepted"]) == ("done", 1)
    roles = [item["role"] for item in digest("edition", "show", "--json").json["items"]]
    assert roles[0] == "lead"


def test_a_copy_and_a_dry_run_are_not_both_given(digest: Digest, mail_server: MailServer) -> None:
    assert digest("send", "--dry-run", "--to", "editor@example.com").code == 2
    assert len(mail_server.mailbox) == 0


def test_a_mistyped_date_mails_nobody_and_makes_no_edition(digest: Digest, mail_server: MailServer) -> None:
    subscribe(digest, "ada")
    for command in ("send", "preview", "edition show", "edition hold", "edition approve", "edition correct"):
        needed = ["--say", "Sorry."] if command.endswith("correct") else []
        said = digest(*command.split(), *needed, "--date", "2020-01-01")
        assert said.code == 2
        assert "there is no edition of that date" in said.err
    assert len(mail_server.mailbox) == 0
    assert digest("edition", "list", "--json").json == {"editions": []}


def test_what_a_reader_got_is_shown_with_the_reader(digest: Digest, mail_server: MailServer) -> None:
    subscribe(digest, "ada")
    digest("send")
    [shown] = digest("subscribers", "show", "ada@example.com", "--json").json["subscriptions"]
    assert [(one["state"], one["code"]) for one in shown["deliveries"]] == [("accepted", 250)]
