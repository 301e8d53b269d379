import unittest

from table import show


class TableTest(unittest.TestCase):
    def test_joins(self):
        self.assertEqual(show([["a", "b"]]), "a  b")

    def test_pads(self):
        self.assertEqual(show([["a", "b"], ["ccc", "d"]]), "a    b\nccc  d")
