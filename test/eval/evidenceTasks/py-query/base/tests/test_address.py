import unittest

from address import query, with_query


class AddressTest(unittest.TestCase):
    def test_reads(self):
        self.assertEqual(query("/a?x=1&y=2"), {"x": "1", "y": "2"})

    def test_writes(self):
        self.assertEqual(with_query("/a", x=1), "/a?x=1")
        self.assertEqual(with_query("/a?b=1", x=1), "/a?b=1&x=1")

    def test_reads_nothing(self):
        self.assertEqual(query("/a"), {})
