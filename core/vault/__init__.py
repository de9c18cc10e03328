"""Sealed fields: phones, bank accounts and identity numbers rest encrypted and are found by a keyed blind index."""
