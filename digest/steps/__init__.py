"""What the four verbs of pipeline.py do, step by step, over the ports.

service     the running service: what is configured, and the edges it asks
collecting  from a source's answer to stored stories
hosting     pictures fetched beside the collecting
editions    from stored stories to a frozen edition
editing     what an editor does to the coming edition
announcing  the editors' mail: the draft is ready
previewing  an edition as a reader would get it
dead_links  whether an edition's links lead anywhere
past        which stories a reader of a rolling edition had before
issuing     from a due time to planned deliveries
by_hand     what a person sends, once and now
correcting  a mistake in an edition that is out, put right
telling     the mail to those who have what was corrected
sending     from planned deliveries to recorded outcomes
singles     single mails, by the same sender
signing     where mails are signed
shift       a worker's shift: a batch for each job
writing     a notice as one mail of the outbox
joining     how an address comes onto the list
orders      what a reader asks for, as it is typed
roster      a list of readers from another program, line by line
enrolling   readers by the list
absorbing   from a returned mail to what it asks
guarding    complaints counted, and sending paused in time
watching    silence is an incident: what did not happen
alerting    what went wrong, told to the operator
calling     events told to others' servers
"""
