"""What happens to people (recorded in the public schema). Payloads hold ids, never names, phones or addresses."""

DATA_READ_OUT = "people.data_read_out.v1"
PERSON_ERASED = "people.person_erased.v1"
