"""Lengths of time in words."""

UNITS = {"s": 1, "m": 60, "h": 3600}


def parse(text):
    """The seconds of a text such as ``1h30m``."""
    unit = text[-1]
    return int(text[:-1]) * UNITS[unit]


def show(seconds):
    """The shortest text for a number of seconds."""
    for unit in ("h", "m"):
        if seconds % UNITS[unit] == 0:
            return f"{seconds // UNITS[unit]}{unit}"
    return f"{seconds}s"
