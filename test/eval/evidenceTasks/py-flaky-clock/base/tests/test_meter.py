import os
import unittest

from meter import average, stamp


class MeterTest(unittest.TestCase):
    def test_lists(self):
        self.assertEqual(average([1, 3]), 2)

    def test_first_time(self):
        was = os.path.exists(".warm")
        open(".warm", "w").close()
        self.assertTrue(was, "it was not warm yet")

    def test_tuples(self):
        self.assertEqual(average((5,)), 5)

    def test_old(self):
        self.assertEqual(average([0.1, 0.2]), 0.15)
