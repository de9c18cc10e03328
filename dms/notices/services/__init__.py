"""The room's verbs: writing, publishing and reading notices, and telling people of them."""

from dms.notices.services.settings import ChangeNoticeRules, change_notice_rules
from dms.notices.services.telling import tell_due
from dms.notices.services.writing import (
    ChangeNotice,
    WriteNotice,
    change_notice,
    publish_notice,
    read_notice,
    read_notices,
    withdraw_notice,
    write_notice,
)

__all__ = [
    "ChangeNotice",
    "ChangeNoticeRules",
    "WriteNotice",
    "change_notice",
    "change_notice_rules",
    "publish_notice",
    "read_notice",
    "read_notices",
    "tell_due",
    "withdraw_notice",
    "write_notice",
]
