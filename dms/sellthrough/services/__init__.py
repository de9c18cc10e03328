"""The room's verbs: writing quotes down, from a form, a program or a file, and taking one back."""

from dms.sellthrough.services.importing import ImportQuotes, import_quotes
from dms.sellthrough.services.recording import QuotesRecorded, record_quotes, withdraw_quote

__all__ = ["ImportQuotes", "QuotesRecorded", "import_quotes", "record_quotes", "withdraw_quote"]
