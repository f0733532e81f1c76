"""Today's news headlines, directly to your inbox every morning.

Read `pipeline.py` first: it tells the service in four verbs. The stages, in the order a story passes them:

collect     sources are asked what is new, and each story is told apart from the ones we have
summarise   each story gets its lead: the paragraph that tells its news
compose     the day's stories become one edition: chosen, ordered, titled
render      a frozen edition becomes encoded segments, and segments become a reader's mail
deliver     mails are handed to a mail server, and every answer is given its meaning
record      what comes back is understood: bounces, complaints, suppression
schedule    when each newsletter and each reader is due, in any time zone
steps       what each of the four verbs does, over the ports
store       SQL only: the tables and every statement
inbox       a mail catcher with pages, for the demo and for development
web         the pages a reader and an editor meet, and the API beneath them
doctor      everything a morning needs, looked at before it comes, each finding with its cure
cli         the commands: parse, call the pipeline, show
wiring      settings become the running service: the only folder that knows both sides
model       the values that travel: the same thing at another moment has another type
settings    config/*.toml and the environment, checked once at start
"""

__version__ = "0.1.0"
