"""Bytes become accepted mail: every letter is handed to a mail server, every answer given its meaning.

sender      `send`: run after run, until nothing is left to try; open this first
run         one run: claims letters, and watches over their dispatch
dispatch    gives mails to connections, and keeps the connections
answers     judges what comes back, and does what it asks
course      whether a run goes on, and if not, why
report      what a run counts and tells
making      a letter made ready for one connection
allowance   the pace of the whole installation
crew        the connections of a run: opened, woken, ended
options     what an operator may set: relays, limits of time, pace
outcome     what an answer comes to
retry       when to try again
pace        how fast: connections, mails a second, patience with a relay or a domain
envelope    the MAIL and RCPT lines of one letter
group       one durable record for the answers of many connections
pipelined   a connection that sends body and next envelope in one write
stepwise    a connection that sends command by command, for relays that want it so
connection  what a run and its connections ask of each other
relays      what a run has learned about each relay
queue       letters claimed and not yet taken
wire        answers, told apart in what came over the wire
warmup      a new sender begins small: so many mails a day to a domain
dkim        mails signed as they leave
dkim_keys   the keys for that: read, and made
smtp        opening a session: TLS, AUTH and EHLO, by aiosmtplib
loop        the event loop
"""
