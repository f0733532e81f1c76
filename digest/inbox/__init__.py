"""A mail catcher for the demo and for development: SMTP on loopback, and pages to read what came.

smtp      the server that takes mails in
mailbox   the newest mails, in memory
mail      a received mail taken apart
pages     the mails in a browser
terminal  a mail in a terminal
server    both servers, started and stopped together
"""
