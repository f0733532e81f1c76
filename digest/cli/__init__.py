"""The commands: parse, call the pipeline, show. One file a family of commands; start at `app.py`.

app           the `digest` command: common options, errors as one line, exit codes, the list of families
signature     what a command's function tells of it in the help
options       options that several commands share
console       how commands speak: data on stdout, all else on stderr
dates         the date that a command is about
shapes        what several commands tell, in words and as JSON

stories       collect, import
lead          lead
readers       subscribe, unsubscribe
subscribers   subscribers list, show, change, erase
rosters       subscribers import, export
suppressions  suppressions list, add, lift
keys          keys add, list, remove
preview       preview
watching      the preview in a browser, shown anew
sending       send, stop, resume
rehearsal     send --to, send --dry-run
editions      edition list, show, approve, hold, correct
clicks        clicks
running       run, web
roles         scheduler, worker
jobs          what the service does again and again, and how often
signals       how commands that stay begin, and are asked to end
events        what the service says of its work
returning     returned mail as the service takes it in
status        status
doctor        doctor
users         users add, list, remove, password
bounce        bounce
trust         dkim new, show; secret rotate
setup         init
database      db upgrade, check, backup, restore, copy
demo          demo
inbox         inbox
"""

from digest.cli.app import main

__all__ = ["main"]
