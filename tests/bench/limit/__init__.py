"""The yardstick: the least an order of ten lines must write, as plain SQL under pgbench."""
