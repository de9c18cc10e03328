"""What happens to people (recorded in the public schema). Payloads hold ids, never names, phones or addresses."""

ADDRESS_CHANGED = "people.address_changed.v1"
ADDRESS_PROVED = "people.address_proved.v1"
ADDRESS_REMOVED = "people.address_removed.v1"
DATA_READ_OUT = "people.data_read_out.v1"
PERSON_ERASED = "people.person_erased.v1"
PERSON_LOCKED = "people.person_locked.v1"
