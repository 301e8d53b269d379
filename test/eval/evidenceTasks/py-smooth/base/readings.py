"""Readings of a thermometer."""


def average(readings):
    return sum(readings) / len(readings)


def smooth(readings, width):
    """The mean of each reading and the ones before it, at most ``width`` in all."""
    return [average(readings[index - width:index]) for index in range(len(readings))]
