"""A page, text or feed entry becomes its lead, and what else it tells about its story. Pure.

lead       a document in, its lead and facts out, with the reason for the choice; open this first

page       HTML to a tree, and the tree to blocks of text in reading order
walk       text between two breaks gathered into a block, with the elements around it
text       plain text to blocks
entry      a feed entry to blocks
blocks     one run of text, with what its place tells about it
scene      a document as a whole: headline, prose, claims
metadata   what a page claims of itself

choose     which block is the lead: signs weighed
signs      what speaks for and against a block
verdict    whether there is a report at all
report     from the chosen block on: the report's paragraphs, and its lead
facts      who, when, which section
pictures   the caption and credit of the picture

dateline   "LONDON (Reuters) - " told and taken off
dates      dates as pages write them
lines      what kind of line a short text is
sentences  where a text may end
shape      words, sentences and letters, in any language
language   a guess at it
clean      a text as a reader should see it
words      the tables of words.toml
"""

from digest.summarise.lead import summarise

__all__ = ["summarise"]
