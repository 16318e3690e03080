"""Records a database of the present release for upgrade_test.py: `python3 record.py FILE.sql`.

Run once for a release, never again for the same one: a record is what a release left behind.
"""

import datetime
import http.server
import pathlib
import sqlite3
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from harness import Server, operators, remove_generated  # noqa: E402

START = "2022-05-16T09:00:00+08:00"


class Unwilling(http.server.BaseHTTPRequestHandler):
    """A channel that refuses its first message for good, and every later one for now."""

    seen = 0

    def do_POST(self):
        Unwilling.seen += 1
        self.send_response(400 if Unwilling.seen == 1 else 503)
        self.end_headers()

    def log_message(self, *_):
        pass


def tell(server):
    """Cases in every condition. The request ids are what upgrade_test.py repeats."""
    inspector, owner, head = (server.client(p) for p in ("inspector", "owner", "head"))
    rectifying = inspector.start("start-rectifying", place="仓库一", level="major").case_id
    signing = inspector.start("start-signing", place="仓库二").case_id
    owner.decide("submit-signing", owner.open_task(signing).id, "submitted", measures="已加装护栏", count=3)
    closed = inspector.start("start-closed", place="仓库三").case_id
    owner.decide("submit-closed", owner.open_task(closed).id, "submitted", measures="已清理")
    head.decide("approve-closed", head.open_task(closed).id, "approved", opinion="同意")
    withdrawn = inspector.start("start-withdrawn", place="仓库四").case_id
    inspector.send("withdraw", withdrawn, "hazard.withdrawn", reason="重复登记")
    counter = inspector.start("start-counter", workflow="counter").case_id
    for n in (1, 2, 3):
        owner.decide(f"count-{n}", owner.open_task(counter).id, "counted", last=str(n))
    moved = operators.AdvanceClockRequest()
    moved.to.FromDatetime(datetime.datetime.fromisoformat("2022-05-18T12:00:00+08:00").astimezone(
        datetime.timezone.utc))
    server.client("admin").operator.AdvanceClock(moved)
    print({"rectifying": rectifying, "signing": signing, "closed": closed, "withdrawn": withdrawn,
           "counter": counter})


def dump(database, file):
    connection = sqlite3.connect(database)
    pragmas = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")}
    text = "\n".join(connection.iterdump())
    text += "".join(f"\nPRAGMA {name} = {value};" for name, value in pragmas.items()) + "\n"
    pathlib.Path(file).write_text(text, encoding="utf-8")
    connection.close()


def main(file):
    channel = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Unwilling)
    threading.Thread(target=channel.serve_forever, daemon=True).start()
    server = Server()
    (server.directory / "secret").write_text("for the record only\n")
    server.write(more=f"""[notifier.hook]
plugin = webhook
url = http://127.0.0.1:{channel.server_port}/
secret_file = secret
""")
    server.config.write_text(server.config.read_text().replace("normal = log", "normal = log, hook"))
    try:
        server.start("--virtual-clock", START)
        server.deploy()
        tell(server)
        server.stop()
        dump(server.directory / "duban.db", file)
    finally:
        server.remove()
        channel.shutdown()
        remove_generated()


if __name__ == "__main__":
    main(sys.argv[1])
