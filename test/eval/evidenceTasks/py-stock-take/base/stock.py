"""Stock of a shop."""


class Stock:
    def __init__(self):
        self.counts = {}

    def add(self, item, count=1):
        self.counts[item] = self.counts.get(item, 0) + count

    def take(self, item, count=1):
        self.counts[item] = self.counts[item] - count

    def items(self):
        return sorted(self.counts)
