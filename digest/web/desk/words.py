"""What the desk says after a form was taken in, by the short name that its address carries."""

from __future__ import annotations

SAID = {
    "approved": "Approved: it goes out at its hour.",
    "held": "Held: it waits for your approval.",
    "sent": "It is planned, and goes out now.",
    "stopped": "Stopped. What was in the air is recorded; nobody else gets it until you resume.",
    "resumed": "Going on.",
    "lifted": "Lifted: sending goes on.",
    "retried": "They are tried again now.",
    "nobody": "There was nobody to try again.",
    "closed": "Closed.",
    "edited": "Saved.",
    "undone": "Taken back.",
    "copied": "A test copy is on its way to you.",
    "booked": "Booked.",
    "unbooked": "The booking is gone.",
    "corrected": "Corrected: whoever has not had it gets the new words.",
    "tested": "Asked just now.",
    "suppressed": "This address is never mailed again.",
    "unsuppressed": "This address may be mailed again.",
    "unsubscribed": "Unsubscribed.",
    "erased": "Forgotten.",
    "password": "Your new password is set. Other browsers are signed out.",
    "archived": "It stands in the archive.",
    "unarchived": "It is out of the archive.",
}
