"""The web hooks of mail providers, a file each: copy one to add another.

hook      a request, how its word is checked, and how it is told
brevo     a token or password that we compare
mailgun   signs time and token
postmark  a password in the hook's address
sendgrid  signs time and body
ses       Amazon SES by way of SNS, which signs each message
"""
