"""The API, for other programs: /api/v1, told at /api/docs. One file a resource.

app            the API as an application of its own
docs           what it can do, as a page and as an OpenAPI document
access         who asks, and what their key allows
bodies         how large a body may be
pages          long lists, a page at a time
problems       whatever goes wrong, as problem details
repeats        POSTs that may be sent again
log            what a program changed, in the desk's log

stories        stories stored, and posted by a CMS
sources        where stories come from
drafts         the edition of a date while it can be changed
editions       editions, and what came of them
runs           a run stopped, going on, tried again, corrected
deliveries     who got it, who did not, and why
subscribers    subscribers, for a publisher's own backend
subscription   what is said of one, and may be asked for one
suppressions   addresses never to be mailed again
statistics     numbers for charts
incidents      what went wrong
"""
