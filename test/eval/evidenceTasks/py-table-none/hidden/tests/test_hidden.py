import unittest

from table import show


class HiddenTest(unittest.TestCase):
    def test_none(self):
        self.assertEqual(show([["a", None], [None, "b"]]), "a\n   b")

    def test_ragged(self):
        self.assertEqual(show([["a"], ["b", "c"]]), "a\nb  c")

    def test_nothing(self):
        self.assertEqual(show([]), "")
