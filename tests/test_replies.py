"""The table of reply meanings, read as a table: the answers are real servers' forms with invented names."""

from __future__ import annotations

import pytest

from digest.model import Effect, Stage
from digest.replies import Kind, Meaning, meaning, table


@pytest.mark.parametrize(
    ("code", "status", "text", "kind"),
    [
        # the address is dead
        (550, "5.1.1", "<anna@example.com>: Recipient address rejected: User unknown", Kind.HARD),
        (550, "5.1.1", "", Kind.HARD),
        (550, "5.1.2", "", Kind.HARD),
        (550, "5.1.3", "", Kind.HARD),
        (551, "5.1.6", "anna has moved", Kind.HARD),
        (550, "5.1.10", "RESOLVER.ADR.RecipientNotFound; not found", Kind.HARD),
        (550, "5.2.1", "The mailbox is disabled", Kind.HARD),
        (550, "5.4.4", "", Kind.HARD),
        (550, "", "No such user here", Kind.HARD),
        (554, "5.7.1", "<anna@example.com>: user unknown in local table", Kind.HARD),
        (0, "", "destinataire inconnu", Kind.HARD),
        (0, "", "お探しのメールアドレスは存在しません。", Kind.HARD),
        # a number that says dead, and words that say otherwise
        (550, "5.1.1", "mailbox full", Kind.FULL),
        (550, "5.1.1", "message refused as spam", Kind.POLICY),
        (550, "5.2.1", "account is receiving mail too quickly", Kind.FAILED),
        (550, "5.2.1", "rejected by policy", Kind.POLICY),
        # a mailbox that is full
        (452, "4.2.2", "The email account that you tried to reach is over quota", Kind.FULL),
        (422, "", "", Kind.FULL),
        (552, "5.2.2", "", Kind.FULL),
        (552, "", "storage", Kind.FULL),
        (0, "", "boîte   pleine", Kind.FULL),
        # for what we are or sent
        (550, "5.7.1", "refused, see http://blocked.example.net/", Kind.POLICY),
        (554, "5.7.1", "Service unavailable; client host [192.0.2.1] blocked", Kind.POLICY),
        (571, "", "", Kind.POLICY),
        (550, "5.1.8", "Sender address rejected: Domain not found", Kind.POLICY),
        (554, "", "Relay access denied", Kind.POLICY),
        # about us
        (550, "5.7.26", "unauthenticated", Kind.AUTHENTICATION),
        (550, "5.7.515", "Access denied, sending domain example.org", Kind.AUTHENTICATION),
        (421, "4.7.32", "alignment", Kind.AUTHENTICATION),
        # patience
        (450, "4.2.0", "Greylisted, see you in 300 seconds", Kind.GREYLISTED),
        (451, "4.7.1", "greylisting in action", Kind.GREYLISTED),
        (452, "4.5.3", "Too many recipients", Kind.TOO_MANY_RECIPIENTS),
        (421, "4.7.28", "unusual rate of mail", Kind.THROTTLED),
        (421, "", "", Kind.THROTTLED),
        (454, "", "", Kind.THROTTLED),
        (451, "4.3.0", "", Kind.TEMPORARY),
        (452, "4.3.1", "over quota: no room on this server", Kind.TEMPORARY),
        (452, "", "Insufficient system storage", Kind.TEMPORARY),
        (450, "4.1.1", "User unknown in virtual alias table", Kind.TEMPORARY),
        # the rest
        (550, "5.6.7", "", Kind.UNSUPPORTED),
        (552, "5.3.4", "", Kind.TOO_LARGE),
        (550, "", "no", Kind.FAILED),
        (554, "5.0.0", "", Kind.FAILED),
    ],
)
def test_what_a_recipients_refusal_means(code: int, status: str, text: str, kind: Kind) -> None:
    assert meaning(code, status, text).kind is kind


@pytest.mark.parametrize(
    ("code", "status", "text", "stage", "kind"),
    [
        (550, "5.7.1", "user unknown", Stage.MAIL, Kind.SENDER),
        (553, "", "", Stage.MAIL, Kind.SENDER),
        (451, "", "", Stage.MAIL, Kind.TEMPORARY),
        (421, "", "", Stage.MAIL, Kind.TEMPORARY),
        (552, "", "", Stage.MAIL, Kind.TOO_LARGE),
        (552, "5.3.4", "", Stage.MAIL, Kind.TOO_LARGE),
        (550, "5.7.26", "", Stage.MAIL, Kind.AUTHENTICATION),
        (552, "", "", Stage.DOT, Kind.TOO_LARGE),
        (552, "5.2.2", "mailbox full", Stage.DOT, Kind.FULL),
        (554, "5.7.1", "content", Stage.DOT, Kind.POLICY),
        (550, "5.7.26", "", Stage.DOT, Kind.AUTHENTICATION),
        (451, "", "", Stage.DOT, Kind.TEMPORARY),
        (452, "", "", Stage.DOT, Kind.TEMPORARY),
        (451, "", "", Stage.DATA, Kind.TEMPORARY),
    ],
)
def test_the_stage_of_the_transaction_matters(
    code: int, status: str, text: str, stage: Stage, kind: Kind
) -> None:
    assert meaning(code, status, text, stage).kind is kind


@pytest.mark.parametrize(
    ("status", "text", "stage", "kind"),
    [
        ("", "user unknown", Stage.RCPT, Kind.HARD),
        ("", "user unknown", None, Kind.HARD),
        ("", "user unknown", Stage.DOT, Kind.FAILED),
        ("5.1.1", "user unknown", Stage.DOT, Kind.HARD),
        ("5.2.1", "mailbox disabled", Stage.RCPT, Kind.HARD),
        ("5.2.1", "mailbox disabled", None, Kind.FAILED),
    ],
)
def test_what_is_said_of_the_text_says_less_of_the_address(
    status: str, text: str, stage: Stage | None, kind: Kind
) -> None:
    assert meaning(550, status, text, stage).kind is kind


def test_only_a_dead_address_is_suppressed_and_only_what_is_about_us_pauses() -> None:
    asked = {kind: Meaning(kind, True, "").effect for kind in Kind}
    assert [kind for kind, effect in asked.items() if effect is Effect.SUPPRESS] == [Kind.HARD]
    assert {kind for kind, effect in asked.items() if effect is Effect.PAUSE} == {
        Kind.AUTHENTICATION,
        Kind.SENDER,
        Kind.TOO_LARGE,
    }


def test_a_full_mailbox_passes_even_when_the_server_says_5xx() -> None:
    assert not meaning(552, "5.2.2", "").permanent
    assert meaning(550, "5.1.1", "").permanent


def test_the_reply_code_is_believed_before_the_status() -> None:
    assert not meaning(450, "5.1.1", "user unknown").permanent
    assert meaning(550, "4.7.1", "no").permanent


def test_phrases_are_whole_words() -> None:
    assert meaning(550, "", "despamming not wanted").kind is Kind.FAILED
    assert meaning(550, "", "spam").kind is Kind.POLICY


def test_a_very_long_reply_is_read_only_at_its_start() -> None:
    assert meaning(550, "", "x" * 5000 + " user unknown").kind is Kind.FAILED


def test_every_rule_has_a_name_of_its_own_and_the_last_ones_fit_anything() -> None:
    names = [rule.name for rule in table()]
    assert len(set(names)) == len(names)
    assert meaning(599, "5.9.9", "").rule == names[-1]
    assert meaning(499, "4.9.9", "").rule == names[-2]
