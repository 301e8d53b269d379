import unittest

import roman


class HiddenTest(unittest.TestCase):
    def test_range(self):
        for number in (0, -1, 4000):
            with self.assertRaises(ValueError):
                roman.to_roman(number)

    def test_reads(self):
        for number in (1, 4, 9, 14, 40, 90, 400, 1994, 3999):
            self.assertEqual(roman.from_roman(roman.to_roman(number)), number)

    def test_refuses(self):
        for text in ("", "IIII", "IC", "VX", "MMMM", "abc", "iv"):
            with self.assertRaises(ValueError, msg=text):
                roman.from_roman(text)
