import unittest

import roman


class RomanTest(unittest.TestCase):
    def test_writes(self):
        self.assertEqual(roman.to_roman(1994), "MCMXCIV")

    def test_small(self):
        self.assertEqual(roman.to_roman(4), "IV")
