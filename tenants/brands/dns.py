"""Asking the name servers: the adapter behind ``settings.TXT_RESOLVER``."""

import dns.exception
import dns.resolver

PATIENCE_S = 4.0


class ZoneUnreachable(Exception):
    """The name servers gave no answer; whether there is a record is not known."""


def txt_records(name: str) -> tuple[str, ...]:
    """Texts of the TXT records at ``name``; none when there is no such name. Raises ``ZoneUnreachable``."""
    try:
        found = dns.resolver.resolve(name, "TXT", lifetime=PATIENCE_S, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    except (dns.exception.DNSException, OSError) as error:
        raise ZoneUnreachable(name) from error
    return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in found)
