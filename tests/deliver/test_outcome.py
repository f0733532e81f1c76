from __future__ import annotations

import pytest

from digest.deliver.outcome import AUTH_RETRIES, Backoff, NoSession, Reply, Setback, judge, setback
from digest.model import Effect, Letter, Stage, Verdict

NOW = 1_000_000
LETTER = Letter(1, 1, "reader@example.com", b"ref", "", 0, 2, NOW + 9999)
DEFERRED, REFUSED = Verdict.DEFERRED, Verdict.REFUSED
NONE, SOFT, SLOW = Effect.NONE, Effect.SOFT, Effect.SLOW
BACKOFF = Backoff(300, 14400)

# stage, reply -> verdict, effect, counted, seconds until the next try
CASES = [
    (Stage.MAIL, 450, "4.3.2 later", DEFERRED, SLOW, True, 1200),
    (Stage.MAIL, 550, "5.1.8 sender refused", DEFERRED, Effect.PAUSE, False, 1200),
    (Stage.MAIL, 552, "5.3.4 too big", REFUSED, Effect.PAUSE, True, 0),
    (Stage.RCPT, 421, "4.3.2 closing", DEFERRED, SLOW, False, 1200),
    (Stage.RCPT, 450, "4.2.0 mailbox busy", DEFERRED, NONE, True, 1200),
    (Stage.RCPT, 450, "4.7.1 greylisted, try again in 7 minutes", DEFERRED, NONE, True, 420),
    (Stage.RCPT, 451, "4.7.1 greylisting in action", DEFERRED, NONE, True, 300),
    (Stage.RCPT, 452, "4.5.3 too many recipients", DEFERRED, NONE, False, 0),
    (Stage.RCPT, 452, "4.2.2 mailbox full", DEFERRED, SOFT, True, 1200),
    (Stage.RCPT, 552, "5.2.2 mailbox full", DEFERRED, SOFT, True, 1200),
    (Stage.RCPT, 550, "5.1.1 no such user", REFUSED, Effect.SUPPRESS, True, 0),
    (Stage.RCPT, 450, "4.1.1 no such user just now", DEFERRED, NONE, True, 1200),
    (Stage.RCPT, 554, "5.7.1 blocked", REFUSED, Effect.PAUSE_DOMAIN, True, 0),
    (Stage.RCPT, 550, "5.7.26 unauthenticated", DEFERRED, Effect.PAUSE, False, 1200),
    (Stage.RCPT, 550, "no", REFUSED, SOFT, True, 0),
    (Stage.RCPT, 550, "5.6.7 needs SMTPUTF8", REFUSED, NONE, True, 0),
    (Stage.DATA, 451, "4.3.0 later", DEFERRED, SLOW, True, 1200),
    (Stage.DOT, 451, "4.3.0 later", DEFERRED, SLOW, True, 1200),
    (Stage.DOT, 554, "5.7.1 content rejected", REFUSED, Effect.PAUSE_DOMAIN, True, 0),
    (Stage.DOT, 552, "message too large", REFUSED, Effect.PAUSE, True, 0),
]


@pytest.mark.parametrize(("stage", "code", "text", "verdict", "effect", "counted", "wait"), CASES)
def test_what_a_refusal_comes_to(
    stage: Stage, code: int, text: str, verdict: Verdict, effect: Effect, counted: bool, wait: int
) -> None:
    outcome = judge(LETTER, stage, Reply(code, text), NOW, BACKOFF)
    assert (outcome.verdict, outcome.effect, outcome.counted) == (verdict, effect, counted)
    assert outcome.next_at == (NOW + wait if verdict is DEFERRED else 0)
    assert (outcome.code, outcome.reply) == (code, text)


@pytest.mark.parametrize(
    ("text", "status"),
    [("5.1.1 unknown", "5.1.1"), ("unknown", ""), ("5.1.1", "5.1.1"), ("5.1.1unknown", ""), ("3.1.1 x", "")],
)
def test_the_enhanced_status_is_what_the_text_begins_with(text: str, status: str) -> None:
    assert Reply(550, text).status == status


SETBACKS = [
    (NoSession(Stage.CONNECT, None, "refused"), 0, Setback("relay r: connection: refused")),
    (NoSession(Stage.GREETING, Reply(421, "busy")), 0, Setback("relay r: greeting: 421 busy")),
    (NoSession(Stage.GREETING, Reply(554, "go")), 0, Setback("relay r: greeting: 554 go", operator=True)),
    (NoSession(Stage.TLS, Reply(454, "no")), 0, Setback("relay r: TLS: 454 no", operator=True)),
    (NoSession(Stage.TLS, None, "bad", unsafe=True), 0, Setback("relay r: TLS: bad", operator=True)),
    (NoSession(Stage.TLS, None, "lost"), 0, Setback("relay r: TLS: lost")),
    (NoSession(Stage.AUTH, Reply(535, "no")), 0, Setback("relay r: sign-in: 535 no", operator=True)),
    (NoSession(Stage.AUTH, Reply(454, "no")), 0, Setback("relay r: sign-in: 454 no", wait=60)),
    (NoSession(Stage.AUTH, Reply(454, "no")), 2, Setback("relay r: sign-in: 454 no", wait=900)),
    (
        NoSession(Stage.AUTH, Reply(454, "no")),
        len(AUTH_RETRIES),
        Setback("relay r: sign-in: 454 no", operator=True),
    ),
]


@pytest.mark.parametrize(("failed", "auth_failures", "expected"), SETBACKS)
def test_what_a_session_that_cannot_be_opened_comes_to(
    failed: NoSession, auth_failures: int, expected: Setback
) -> None:
    assert setback("r", failed, auth_failures) == expected
