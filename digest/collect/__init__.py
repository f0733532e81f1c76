"""From a source's address to clean stories.

Pure: `feeds` `jsonfeed` `sitemaps` `storyjson` `push` `files` `documents` `opml` read what was given, `entry`
makes it a story, `clean` `decode` `xmltree` `dates` `pictures` `robots` see to its parts, `identity` and
`events` tell which stories are one, `guard` which addresses are safe, `rules` and `visit` what configuration
and past mean.

Edges: `collector` visits a source by its kind, each kind a file: `feed` `pages` `sitemap` `sql` `folder`;
`http` over `sockets` fetches, `workers` parse in child processes (`worker`), `importing` takes in files,
`hosting` fetches pictures.
"""
