"""Recipients in the words of the large mail systems; wordings are theirs, everything else is invented."""

from __future__ import annotations

import pytest

from digest.record import understand
from tests.record.mails import ORIGINAL, mail

A = "anna@example.com"
EXIM = f"""\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {A}
    SMTP error from remote mail server after RCPT TO:<{A}>:
    host mx.example.com [192.0.2.1]: 550 {{}}

------ This is a copy of the message, including all the headers. ------

{ORIGINAL}"""
QMAIL = f"""\
Hi. This is the qmail-send program at example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.

<{A}>:
{{}}

--- Below this line is a copy of the message.

{ORIGINAL}"""
POSTFIX = f"""\
This is the mail system at host mx.example.net.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

For further assistance, please send mail to postmaster.

<{A}>: host mx.example.com[192.0.2.1] said: 550
    {{}} (in reply to RCPT TO command)
"""
SENDMAIL = f"""\
   ----- The following addresses had permanent fatal errors -----
<{A}>

   ----- Transcript of session follows -----
... while talking to mx.example.com.:
>>> RCPT To:<{A}>
<<< 550 {{}}
"""
EXCHANGE = f"""\
Your message

  To:      {A}
  Subject: This morning
  Sent:    Mon, 3 Mar 2025 06:00:00 +0000

did not reach the following recipient(s):

{A} on Mon, 3 Mar 2025 06:00:01 +0000
    {{}}
"""
GMAIL = f"""\
Delivery to the following recipient failed permanently:

     {A}

Technical details of permanent failure:
The error that the other server returned was: 550 {{}}

----- Original message -----

{ORIGINAL}"""
DOMINO = f"""\
Your message

  Subject: This morning

was not delivered to:

  {A}

because:

  {{}}
"""


@pytest.mark.parametrize("family", [EXIM, QMAIL, POSTFIX, SENDMAIL, EXCHANGE, GMAIL, DOMINO])
@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("User unknown", "hard"),
        ("Mailbox full", "soft"),
        ("Message refused as spam", "soft"),
        ("No.", "soft"),
    ],
)
def test_each_family_names_the_reader_and_means_what_it_says(family: str, said: str, kind: str) -> None:
    assert [(r.address, r.kind) for r in understand(mail(family.format(said)))] == [(A, kind)]


@pytest.mark.parametrize(
    ("subject", "text", "kind"),
    [
        (
            "Unzustellbar: News",
            f"Ihre Nachricht konnte nicht zugestellt werden an\n{A}\nUnbekannter Empfänger",
            "hard",
        ),
        ("Non remis", f"Le message n'a pas pu être distribué à\n{A}\nUtilisateur inconnu", "hard"),
        ("Devuelto", f"El mensaje no pudo ser entregado a\n{A}\nBuzón lleno", "soft"),
        (
            "Mancata consegna",
            f"Non è stato possibile consegnare il messaggio a\n{A}\nUtente sconosciuto",
            "hard",
        ),
        ("Não entregue", f"A mensagem não foi entregue a\n{A}\nUsuário desconhecido", "hard"),
        ("Onbestelbaar", f"Uw bericht kon niet worden afgeleverd bij\n{A}\nOnbekende gebruiker", "hard"),
        ("Недоставленное", f"Письмо не может быть доставлено\n{A}\nнет такого пользователя", "hard"),
        ("配信エラー", f"送信できませんでした\n{A}\nお探しのメールアドレスは存在しません", "hard"),
        ("退信", f"无法投递\n{A}\n用户不存在", "hard"),
    ],
)
def test_free_text_in_many_languages(subject: str, text: str, kind: str) -> None:
    assert [(r.address, r.kind) for r in understand(mail(text, subject=subject))] == [(A, kind)]


def test_each_address_has_the_words_below_it() -> None:
    text = QMAIL.format("550 5.1.1 User unknown\n\n<bert@example.com>:\n552 5.2.2 Mailbox full")
    assert [(r.address, r.kind, r.status) for r in understand(mail(text))] == [
        (A, "hard", "5.1.1"),
        ("bert@example.com", "soft", "5.2.2"),
    ]


def test_one_reader_in_two_spellings_is_one() -> None:
    text = QMAIL.format("no\n<ANNA@EXAMPLE.COM>:\n550 5.1.1 User unknown")
    assert [(r.address, r.kind) for r in understand(mail(text))] == [(A, "hard")]


def test_words_about_one_reader_do_not_condemn_another() -> None:
    text = f"Your message could not be delivered. User unknown.\n\nSee {A} and bert@example.com."
    raw = mail(text, head=f"X-Failed-Recipients: {A}, bert@example.com\n")
    assert [(r.address, r.kind) for r in understand(raw)] == [(A, "soft"), ("bert@example.com", "soft")]


def test_a_header_may_name_the_failed() -> None:
    raw = mail("Your message could not be delivered.", head=f"X-Failed-Recipients: {A}\n")
    assert [r.address for r in understand(raw)] == [A]


def test_the_words_may_hold_a_standard_report() -> None:
    text = f"Not delivered.\n\nFinal-Recipient: rfc822; {A}\nAction: failed\nStatus: 5.1.1\n"
    assert [(r.address, r.status) for r in understand(mail(text))] == [(A, "5.1.1")]


@pytest.mark.parametrize(
    "text",
    [
        f"There was an error delivering your mail to <{A}> today; write to support@example.net.",
        f"Your message could not be delivered.\n\nOriginal message follows\n\n{ORIGINAL}",
    ],
    ids=["in a sentence", "in the returned mail"],
)
def test_without_a_line_of_its_own_the_likeliest_address_is_taken(text: str) -> None:
    assert [r.address for r in understand(mail(text))] == [A]
