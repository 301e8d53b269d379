import unittest

from stock import Stock


class HiddenTest(unittest.TestCase):
    def test_unchanged(self):
        stock = Stock()
        stock.add("pen")
        with self.assertRaises(LookupError):
            stock.take("pen", 2)
        self.assertEqual(stock.counts, {"pen": 1})

    def test_gone(self):
        stock = Stock()
        stock.add("pen")
        stock.take("pen")
        self.assertEqual(stock.items(), [])

    def test_counts(self):
        stock = Stock()
        stock.add("pen", 3)
        for count in (0, -1):
            with self.assertRaises(ValueError):
                stock.add("pen", count)
            with self.assertRaises(ValueError):
                stock.take("pen", count)
        self.assertEqual(stock.counts, {"pen": 3})
