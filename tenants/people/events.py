"""What happens to people (recorded in the public schema). Payloads hold ids, never names, phones or addresses."""

PERSON_ERASED = "people.person_erased.v1"
