import unittest

from order import order


class HiddenTest(unittest.TestCase):
    def test_diamond(self):
        self.assertEqual(order({"d": ["b", "c"], "b": ["a"], "c": ["a"], "a": []}), ["a", "b", "c", "d"])

    def test_itself(self):
        with self.assertRaises(ValueError):
            order({"a": ["a"]})

    def test_message(self):
        with self.assertRaises(ValueError) as caught:
            order({"x": ["wash"], "wash": ["dry"], "dry": ["wash"]})
        self.assertIn("wash", str(caught.exception))
        self.assertIn("dry", str(caught.exception))

    def test_twice(self):
        self.assertEqual(order({"a": ["b", "b"]}), ["b", "a"])
