"""From a source's address to clean stories.

The edge of each kind of source is a source_…; what parses for it is named for what it parses.

collector       one visit to one source, whatever its kind
source_feed     one conditional GET
source_pages    articles by address, or a section page and the articles it links to
source_sitemap  the young articles of a sitemap, or of the newest of an index
source_sql      a query of the newsroom's own database
source_files    a folder into which files are put
importing       files given by hand
hosting         pictures fetched, checked, made a JPEG

means           by what a source is read: the network, child processes, a way to find leads
http            GET and POST, bounded and polite
sockets         connections to checked addresses
children        child processes in which foreign input is parsed
child           what runs in one

feeds           RSS, RDF, Atom as feedparser reads them
jsonfeed        JSON Feed
entry           one entry of a feed, and the story it is
sitemaps        sitemaps and indexes of them
files           stories by the line: JSON and CSV
documents       what is seen as a whole: a page, a feed, a sitemap
lines           bytes to lines and rows
storyjson       a story as JSON
push            what a CMS posts
opml            a list of feeds

visit           when a source is asked again, and what is remembered
answer          what a server's answer means that brought no story
articles        article pages, one after the other
follow          entries completed from their pages
harvest         what a visit brings home
rules           a source's own rules
robots          robots.txt
guard           which addresses may be asked for
standing        how each source stands, by what is remembered of its visits
rhythm          whether a source gives what it usually gives
identity        which addresses lead to the same page
events          which stories tell one event
weights         what is compared of them
clean           foreign text made fit to store
decode          bytes to text
xmltree         XML to a tree
dates           dates as sources and servers write them
pictures        the picture chosen from what is offered
"""
