"""What happens to seats and tokens. Payloads hold ids and codes, never names."""

SEAT_OPENED = "access.seat_opened.v1"
SEAT_ROLES_CHANGED = "access.seat_roles_changed.v1"
SEAT_CLOSED = "access.seat_closed.v1"
TOKEN_ISSUED = "access.token_issued.v1"
TOKEN_REVOKED = "access.token_revoked.v1"
