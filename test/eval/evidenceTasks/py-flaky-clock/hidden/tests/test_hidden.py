import unittest

from meter import average, stamp


class HiddenTest(unittest.TestCase):
    def test_generator(self):
        self.assertEqual(average(value for value in (1, 2, 3)), 2)

    def test_empty(self):
        for values in ([], iter([])):
            with self.assertRaises(ValueError):
                average(values)

    def test_list(self):
        self.assertEqual(average([1, 3]), 2)
        self.assertEqual(average([1, 1, 4]), 2)
        self.assertEqual(average([1, 2]), 1.5)
