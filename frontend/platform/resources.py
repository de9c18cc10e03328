"""The desk's lists as spreadsheets: found here by workers too, which open no pages."""

from frontend.platform.desk import lists

__all__ = ["lists"]
