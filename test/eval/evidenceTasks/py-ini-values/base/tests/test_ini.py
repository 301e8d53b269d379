import unittest

from ini import parse


class IniTest(unittest.TestCase):
    def test_parses(self):
        self.assertEqual(parse("[a]\nx=1"), {("a", "x"): "1"})

    def test_no_section(self):
        self.assertEqual(parse("x=1"), {("", "x"): "1"})

    def test_equals(self):
        self.assertEqual(parse("x=a=b"), {("", "x"): "a=b"})
