"""Devices in a word: what a browser says of itself, brought down to two codes. Plain Python, no versions kept."""

import re
from ipaddress import ip_address

_BROWSERS = (
    ("wechat", "MicroMessenger"),
    ("dingtalk", "DingTalk"),
    ("feishu", "Lark|Feishu"),
    ("edge", "Edg(?:e|A|iOS)?/"),
    ("quark", "Quark"),
    ("uc", "UCBrowser"),
    ("qq", "QQBrowser|MQQBrowser"),
    ("firefox", "Firefox|FxiOS"),
    ("opera", "OPR/|Opera"),
    ("chrome", "Chrome|CriOS|Chromium"),
    ("safari", "Safari"),
)
"""The first that fits: nearly all call themselves Chrome and Safari too."""
_SYSTEMS = (
    ("harmony", "HarmonyOS|OpenHarmony"),
    ("ios", "iPhone|iPod|iPad"),
    ("android", "Android"),
    ("windows", "Windows"),
    ("mac", "Macintosh|Mac OS X"),
    ("linux", "Linux|X11|CrOS"),
)


def device_of(user_agent: str) -> str:
    """``browser/system`` as codes, such as ``wechat/android``; ``other`` for what is not known."""
    return f"{_first(_BROWSERS, user_agent)}/{_first(_SYSTEMS, user_agent)}"


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((code for code, pattern in known if re.search(pattern, user_agent)), "other")


def masked_address(address: str) -> str:
    """The network of an address, enough to know one's own again: ``113.120.*.*``, ``240e:3b0:*``; else empty."""
    try:
        known = ip_address(address)
    except ValueError:
        return ""
    if known.version == 4:
        first, second, *_ = str(known).split(".")
        return f"{first}.{second}.*.*"
    first, second, *_ = known.exploded.split(":")
    return f"{first.lstrip('0') or '0'}:{second.lstrip('0') or '0'}:*"
