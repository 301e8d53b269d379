"""Addresses."""


def query(address):
    """The parameters of an address, the last of each name."""
    _, _, text = address.partition("?")
    return dict(pair.split("=") for pair in text.split("&"))


def with_query(address, **parameters):
    """The address with parameters put at its end."""
    joint = "&" if "?" in address else "?"
    return address + joint + "&".join(f"{name}={value}" for name, value in parameters.items())
