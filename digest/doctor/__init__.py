"""Everything a morning needs, looked at before the morning comes: findings, each with its cure.

examination    `examine`: all of it, in order; open this first
finding        one line: ok, warning or error
configuration  what the configuration leaves out, or leaves as it came
database       the store: does it answer, at which tables
clock          this machine's time, and its knowledge of time zones
relay          the mail server: connection, TLS, sign-in; nothing is sent
domains        each sender's domain, the keys we sign with and the sending machine, looked up
names          what the DNS must say of them, judged; the records to publish
lookup         the DNS itself, asked by dnspython
sources        does each source answer
templates      does every newsletter render, within the rules of render/rules.py
machine        disk room, and who may read var/
pages          the public address: https, and reached
openid         the OpenID provider by which people sign in
"""
