"""What happens to shopping lists, as the audit trail tells it."""

LIST = "shopping_list"
LIST_MADE = "ordering.list_made.v1"
LIST_CHANGED = "ordering.list_changed.v1"
LIST_DELETED = "ordering.list_deleted.v1"
