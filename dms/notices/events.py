"""What happens to notices."""

NOTICE = "notice"
NOTICE_WRITTEN = "dms.notice_written.v1"
NOTICE_CHANGED = "dms.notice_changed.v1"
NOTICE_PUBLISHED = "dms.notice_published.v1"
NOTICE_WITHDRAWN = "dms.notice_withdrawn.v1"
NOTICE_RECEIPTED = "dms.notice_receipted.v1"
"""A house has said that it read a notice that asks for it."""
