"""The desk: the editor's and the operator's pages, for those who are signed in. One file a resource.

app           the desk as one application: every resource by name
frame         what every page needs
signed_in     who is asking, once it is known that they may
guard         nobody passes who is not signed in, no form that another site could have sent
entering      signing in and out
openid        signing in by an OpenID provider
files         stylesheet, script, icon
words         what is said after a form was taken in

front         the front page
now           how things stand, as it shows them
cures         what can be done about an incident
table         the edition table
rows          its rows and sentences
approving     a draft approved, held, sent, copied to oneself
mail          the mail beside the table
linked        what the editors' mail leads to
promotions    promoted links, booked
editions      past and running editions
readers       readers, and one person's whole story
suppressions  addresses that are never mailed
importing     readers from a file
sources       how each source is doing
figures       pictures, each with its table
numbers       what they show
pygal         how they are drawn
log           who did what
"""
