"""An edition becomes bytes: `render` once, then `Splicer` for each reader.

edition     a frozen edition → a rendering: encoded segments with open slots
layout      what templates are given: blocks of clean text and safe links
frame       what is around the stories, and the same in every mail and notice
jinja       the templates, the package's own or an operator's in a sandbox
inline      premailer, and the guard against its traps
slots       places in a rendered mail that are filled in for each reader
encode      quoted-printable and header values
head        the header lines
trim        an edition cut to what no inbox clips
choice      which segments a reader gets, and what is said of them
splice      a rendering → one reader's mail, the hot path

notice      single mails: confirm, welcome, incident
catalogue   the interface's words, dates and direction in one language
counted     links led over our own pages, where they are counted
texts       foreign text made fit to print
colour      whether ink can be read on its ground

dissected   a message taken apart
rules       what a mail must be to be read in every inbox
report      what an editor is told of an edition
views       a mail in the ways it is seen
"""
