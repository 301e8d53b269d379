import unittest

from duration import parse, show


class DurationTest(unittest.TestCase):
    def test_one_unit(self):
        self.assertEqual(parse("90s"), 90)

    def test_shows(self):
        self.assertEqual(show(7200), "2h")
        self.assertEqual(show(61), "61s")

    def test_several_units(self):
        self.assertEqual(parse("1h30m"), 5400)

    def test_refuses(self):
        with self.assertRaises(ValueError):
            parse("soon")
