"""The day's stories become one edition. Pure.

window   which stories are new for an edition
rank     in which order they go
edition  chosen, given their places, titled
editing  what editors changed, applied
"""
