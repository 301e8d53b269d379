import unittest

from address import query, with_query


class HiddenTest(unittest.TestCase):
    def test_no_value(self):
        self.assertEqual(query("/a?x&y="), {"x": "", "y": ""})

    def test_fragment(self):
        self.assertEqual(query("/a?x=1#top"), {"x": "1"})
        self.assertEqual(with_query("/a#top", x=1), "/a?x=1#top")
        self.assertEqual(query("/a#b?x=1"), {})

    def test_quotes(self):
        self.assertEqual(with_query("/a", x="a&b"), "/a?x=a%26b")
        self.assertEqual(query("/a?x=a%26b"), {"x": "a&b"})

    def test_equals(self):
        self.assertEqual(query("/a?x=a=b"), {"x": "a=b"})
