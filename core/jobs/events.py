"""What long acts tell the other rooms."""

EXPORT = "list_export"
"""Aggregate type; its id is the name of the list."""

LIST_EXPORTED = "jobs.list_exported.v1"
"""Somebody took a list out as a file. Payload: ``list``, ``rows``, ``format``, ``job``, ``narrowed_by`` (the names of
the filters, never what was searched for)."""
