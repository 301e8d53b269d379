import unittest

from readings import average, smooth


class ReadingsTest(unittest.TestCase):
    def test_averages(self):
        self.assertEqual(average([1, 3]), 2)

    def test_smooths(self):
        self.assertEqual(smooth([1, 3, 5], 2), [1, 2, 4])
