import unittest

from stock import Stock


class StockTest(unittest.TestCase):
    def test_adds(self):
        stock = Stock()
        stock.add("pen", 2)
        self.assertEqual(stock.counts, {"pen": 2})

    def test_takes(self):
        stock = Stock()
        stock.add("pen", 2)
        stock.take("pen")
        self.assertEqual(stock.items(), ["pen"])

    def test_not_enough(self):
        stock = Stock()
        stock.add("pen")
        with self.assertRaises(LookupError):
            stock.take("pen", 2)

    def test_unknown(self):
        with self.assertRaises(LookupError):
            Stock().take("ink")
