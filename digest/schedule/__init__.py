"""When each newsletter and each reader is due, in any time zone.

due        local mornings as instants, pure
asked      a zone, an hour, days as they are asked for, checked
ticker     the clock's only reader
jobs       deliveries as jobs for workers on many machines
heartbeat  who watches the watcher
"""
