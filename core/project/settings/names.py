"""Where a brand's rooms copy the names of people, to print them later: taken away when a person is erased.

Records of transactions are not here: their names go after three years (ordering.*.services.forgetting).
"""

COPIED_NAMES: dict[str, dict[str, str]] = {
    "catalogue.ToldApart": {"said_by_name": ""},
    "dealers.Credential": {"decided_by_name": "", "submitted_by_name": ""},
    "lists.ShoppingList": {"owner_name": "seat_id"},
    "notices.Notice": {"written_by_name": ""},
    "notices.NoticeRead": {"reader_name": "seat_id"},
    "promotions.PolicyVersion": {
        "written_by_name": "",
        "submitted_by_name": "",
        "decided_by_name": "decided_by_id",
    },
    "rounds.PriceRound": {"drafted_by_name": "", "submitted_by_name": "", "decided_by_name": ""},
    "sellthrough.MarketQuote": {"entered_by_name": "person_id"},
    "stock.StockCount": {
        "opened_by_name": "opened_by_id",
        "counted_by_name": "counted_by_id",
        "ended_by_name": "ended_by_id",
    },
    "stock.StockCountLine": {"entered_by_name": ""},
    "stock.Transfer": {"made_by_name": "made_by_id", "sent_by_name": "", "ended_by_name": ""},
    "territories.Grant": {"ended_by_name": ""},
}
"""By model, the columns with a name and beside each the one with the person's id or ``seat_id``; empty where a row has
the name alone.

Whoever adds a column ``…_by_name`` adds it here (tests/tenants/access/test_copied_names.py).
"""
