"""Runs the tests and writes what came of them as TAP to the file that is named."""
import sys
import unittest


class Tap(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.lines = []

    def note(self, test, word):
        self.lines.append(f"{word} {len(self.lines) + 1} - {test.id()}")

    def addSuccess(self, test):
        self.note(test, "ok")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.note(test, "not ok")

    def addError(self, test, err):
        super().addError(test, err)
        self.note(test, "not ok")

    def addSkip(self, test, reason):
        self.lines.append(f"ok {len(self.lines) + 1} - {test.id()} # SKIP {reason}")


result = Tap()
unittest.defaultTestLoader.discover("tests", top_level_dir=".").run(result)
with open(sys.argv[1], "w") as report:
    report.write("\n".join([f"1..{len(result.lines)}", *result.lines]) + "\n")
for _, trace in result.failures + result.errors:
    print(trace)
sys.exit(0 if result.wasSuccessful() else 1)
