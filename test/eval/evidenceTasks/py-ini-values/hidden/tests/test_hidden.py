import unittest

from ini import parse


class HiddenTest(unittest.TestCase):
    def test_spaces(self):
        self.assertEqual(parse("[a]  \n x = 1 "), {("a", "x"): "1"})

    def test_comments(self):
        self.assertEqual(parse("# x=1\n  ; y=2\nz=3"), {("", "z"): "3"})

    def test_hash_in_value(self):
        self.assertEqual(parse("x=#fff"), {("", "x"): "#fff"})

    def test_empty(self):
        self.assertEqual(parse("x="), {("", "x"): ""})
