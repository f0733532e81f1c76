"""An edition becomes bytes: `render` once, then `Splicer` for each reader.

edition     a frozen edition → a rendering: encoded segments with open slots
layout      what templates are given: blocks of clean text and safe links
jinja       the templates, the package's own or an operator's in a sandbox
inline      premailer, and the guard against its traps
encode      quoted-printable and header values
head        the header lines
told        which segments a reader gets, and what is said of them
splice      a rendering → one reader's mail, the hot path
"""
