"""A cache with room for so many."""


class Lru:
    def __init__(self, room):
        self.room = room
        self.entries = {}

    def get(self, key, default=None):
        return self.entries.get(key, default)

    def put(self, key, value):
        self.entries[key] = value
        if len(self.entries) > self.room:
            del self.entries[next(iter(self.entries))]

    def __len__(self):
        return len(self.entries)
