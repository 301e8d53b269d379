import unittest

from lru import Lru


class HiddenTest(unittest.TestCase):
    def test_put_is_use(self):
        cache = Lru(2)
        cache.put("a", 1)
        cache.put("b", 2)
        cache.put("a", 3)
        cache.put("c", 4)
        self.assertEqual(cache.get("a"), 3)
        self.assertIsNone(cache.get("b"))

    def test_missing(self):
        cache = Lru(2)
        self.assertEqual(cache.get("x", 7), 7)
        self.assertEqual(len(cache), 0)

    def test_none_is_a_value(self):
        cache = Lru(2)
        cache.put("a", None)
        cache.put("b", 1)
        self.assertIsNone(cache.get("a", 5))
        cache.put("c", 1)
        self.assertEqual(cache.get("b", "gone"), "gone")
