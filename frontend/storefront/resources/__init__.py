"""The storefront's lists as spreadsheets: the columns of the pages, asked by the pages' own selectors and filters."""

from frontend.storefront.resources import deals, goods, house

__all__ = ["deals", "goods", "house"]
