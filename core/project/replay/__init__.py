"""Real invoices of another market replayed through the product's own verbs: docs/replay.md."""
