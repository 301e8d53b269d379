import unittest

from readings import average, smooth


class HiddenTest(unittest.TestCase):
    def test_nothing(self):
        self.assertIsNone(average([]))
        self.assertEqual(smooth([], 3), [])

    def test_width(self):
        for width in (0, -1):
            with self.assertRaises(ValueError):
                smooth([1], width)

    def test_wide(self):
        self.assertEqual(smooth([2, 4], 10), [2, 3])
        self.assertEqual(smooth([2, 4], 1), [2, 4])

    def test_three(self):
        self.assertEqual(smooth([3, 3, 3, 9], 3), [3, 3, 3, 5])
