"""A server with the campaign of duties/, its people and one more case whenever it is asked for: in each, a checks, b and d decide, and c is a
relative."""

import pathlib
import unittest

from harness import Server, cases, struct

START = "2022-05-16T09:00:00+08:00"
FOLDER = pathlib.Path(__file__).resolve().parent / "duties"
PEOPLE = ("clerk", "a", "b", "c", "d", "e", "gone", "admin", "second")


class Matters(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(campaign=FOLDER, people=PEOPLE).start("--virtual-clock", START)
        cls.server.deploy()
        cls.people = {person: cls.server.client(person) for person in PEOPLE}
        cls.number = 0

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.server.remove()

    def fresh(self):
        type(self).number += 1
        return f"request-{self.number}"

    def start(self):
        request = cases.StartCaseRequest(request_id=self.fresh(), campaign="duties", workflow="matter",
                                         data=struct(relative="c", note="x"))
        return self.people["clerk"].cases.StartCase(request).receipt.case_id
