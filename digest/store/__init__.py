"""SQL only: the tables and every statement, one file a table family. SQLite by default, PostgreSQL later.

tables/        every table, a file a family
migrations/    how older databases come to these tables
ledger/        the delivery record as a sending worker has it: the hot path
database       one database behind two verbs, `read` and `write`; open this first
times          aware UTC times outside, integer seconds inside
crossed        transactions that wait for each other, done again
together       one durable write for many who ask at once
newsletters    a number for each slug
stories        stored headlines, every version of their text
visits         what the next visit to a source must know
rhythms        how each source has been giving stories
pictures       pictures that our own pages serve
editions       editions: drafted, frozen once, issued
items          the stories of an edition, as they were chosen
edits          what editors changed, in order
promotions     promoted links, booked for a date
renderings     frozen editions as encoded segments
retold         which stories editions have told
corrections    a frozen edition corrected
tellings       corrections on their way to readers
archive        the editions that went out, for everyone
clicks         how often links were followed, by day
readers        subscribers and their subscriptions
subscriptions  subscriptions as rows and as values
intake         taking readers in, one or a thousand
people         what holds for all of a person's subscriptions
moments        a row for each zone, hour and days at which readers are due
planning       who is due, and one delivery for each
deliveries     who got it, who did not, and why
batches        an edition's deliveries, found by ranges of ids
queue          the jobs that deliveries go out by (PostgreSQL)
pauses         what is stopped, for every process
latency        how long after their morning readers had their mail
prune          old deliveries put away, their counts kept
outbox         single mails beside the editions
suppressions   addresses never to be mailed again
strikes        failures that count against an address
effects        what an outcome asks beyond its own delivery
returns        what came back and counted, once each
journal        who left or is suppressed, written outside the database
incidents      what went wrong, told once and closed
hooks          events for others' servers
asked          what was asked for on the pages, until it is looked at
attempts       what strangers did lately, for the limits
idempotency    answers kept for whoever sends a request again
accounts       who may sign in at the desk
keys           API keys, kept as hashes
audit          the log of the desk
listing        long lists, a page at a time
statistics     what charts and the API ask
retention      what is kept how long
seal           which signing secret a database belongs to
migrate        bring a database to the tables of this version
cures          what to do about what a database says went wrong
upkeep         whether a database is whole, and a copy of it
contents       what a backup says of itself
restore        a backup comes back, and brings nobody back
copy           one store into another
"""
