import unittest

from order import order


class OrderTest(unittest.TestCase):
    def test_orders(self):
        self.assertEqual(order({"b": ["a"], "a": []}), ["a", "b"])

    def test_unknown(self):
        self.assertEqual(order({"b": ["x"]}), ["x", "b"])

    def test_circle(self):
        with self.assertRaises(ValueError):
            order({"a": ["b"], "b": ["a"]})
