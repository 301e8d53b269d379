import unittest

from lru import Lru


class LruTest(unittest.TestCase):
    def test_keeps(self):
        cache = Lru(2)
        cache.put("a", 1)
        self.assertEqual(cache.get("a"), 1)

    def test_forgets(self):
        cache = Lru(1)
        cache.put("a", 1)
        cache.put("b", 2)
        self.assertIsNone(cache.get("a"))
        self.assertEqual(len(cache), 1)

    def test_counts_use(self):
        cache = Lru(2)
        cache.put("a", 1)
        cache.put("b", 2)
        cache.get("a")
        cache.put("c", 3)
        self.assertEqual(cache.get("a"), 1)
