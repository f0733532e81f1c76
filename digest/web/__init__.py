"""The pages a reader meets, and beneath them the desk and the API. One file a resource.

app          the pages as one application: every resource by name
server       uvicorn in the running event loop
site         what every page needs
api          the API, for other programs
desk         the editor's and the operator's pages

landing      the front page, the form to subscribe, the form for other sites
confirm      the second click
preferences  a reader's preferences
person       what is known of a person, to take along or to have forgotten
leaving      leaving with one click, and coming back with one
archive      past editions
counting     links of a mail that are counted
files        stylesheet, icon, script
pictures     pictures that we serve ourselves
hooks        where mail providers tell of bounces and complaints
health       is the process alive, and can it work
metrics      the page that Prometheus reads

asking       what comes of what was asked for, once the answer has gone
mails        the single mails that pages cause
limits       how much a stranger may ask for
stamps       that a form was given out by us, and when
work         the sum that a stranger's browser does
links        links that carry a token
offers       what the form to subscribe needs
forms        what a form sent in
wishes       a filled-in preferences form, understood
phrases      facts in a reader's words
feed         an archive as Atom
clicks       which clicks count
prometheus   what Prometheus is told
errors       requests that cannot be answered
headers      what every answer says to a browser
"""
