import unittest

from duration import parse, show


class HiddenTest(unittest.TestCase):
    def test_order(self):
        for text in ("30m1h", "1h1h", "", "5", "1h 5", "h", "1hx"):
            with self.assertRaises(ValueError, msg=text):
                parse(text)

    def test_all(self):
        self.assertEqual(parse("1h2m3s"), 3723)
        self.assertEqual(parse("0s"), 0)

    def test_zero(self):
        self.assertEqual(show(0), "0s")
        self.assertEqual(show(60), "1m")
