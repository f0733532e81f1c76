"""config/*.toml and the environment, checked once at start into one frozen Settings.

loading      the file and the environment read, what is wrong refused
secrets      what may not stand in the file
wording      what is wrong, as a sentence
tables       the whole file
tables_site  the tables of the service and its pages
tables_mail  the tables of delivery, and of what comes back
tables_news  the tables of newsletters and sources
table        what all tables have in common
kinds        the kinds of value that a key may have
"""

from digest.settings.loading import check, load
from digest.settings.table import Table
from digest.settings.tables import Settings
from digest.settings.tables_mail import RelayTable
from digest.settings.tables_news import NewsletterTable, SourceTable

__all__ = ["NewsletterTable", "RelayTable", "Settings", "SourceTable", "Table", "check", "load"]
