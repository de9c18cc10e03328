"""Territories: who holds what where, grants, gaps, zones, and who supplies the outlets."""
