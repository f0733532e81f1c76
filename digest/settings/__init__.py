"""config/*.toml and the environment, checked once at start into one frozen Settings.

`loading` reads and refuses; `tables` is the whole file, `tables_site` `tables_mail` `tables_news` its tables
by who reads them, each a `table`; `kinds` are the kinds of value that a key may have.
"""

from digest.settings.loading import check, load
from digest.settings.table import Table
from digest.settings.tables import Settings
from digest.settings.tables_mail import RelayTable
from digest.settings.tables_news import NewsletterTable, SourceTable

__all__ = ["NewsletterTable", "RelayTable", "Settings", "SourceTable", "Table", "check", "load"]
