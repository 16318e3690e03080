"""A real duband on a free port, and its published API as generated from proto/ alone."""

import os
import pathlib
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

import grpc
from grpc_tools import protoc

SOURCE = pathlib.Path(os.environ.get("DUBAN_SOURCE", pathlib.Path(__file__).resolve().parents[2]))
BINARY = pathlib.Path(os.environ.get("DUBAN_BINARY", SOURCE / "build" / "dev"))
DUBAND = BINARY / "bin" / "duband"
CAMPAIGN = pathlib.Path(__file__).resolve().parent / "campaign"
PEOPLE = ("inspector", "owner", "head", "clerk", "admin")


def _generate():
    """What a client application does with the .proto files."""
    out = tempfile.mkdtemp(prefix="duban-proto-")
    protos = [
        str(p)
        for folder in ("duban/v1", "google/rpc")
        for p in sorted((SOURCE / "proto" / folder).glob("*.proto"))
    ]
    builtin = pathlib.Path(protoc.__file__).parent / "_proto"
    arguments = [
        "protoc",
        f"-I{SOURCE / 'proto'}",
        f"-I{builtin}",
        f"--python_out={out}",
        f"--grpc_python_out={out}",
    ]
    if protoc.main(arguments + protos) != 0:
        raise RuntimeError("the .proto files could not be compiled")
    sys.path.insert(0, out)
    return out


_GENERATED = _generate()

from duban.v1 import case_service_pb2 as cases  # noqa: E402
from duban.v1 import case_service_pb2_grpc as cases_grpc  # noqa: E402
from duban.v1 import common_pb2 as common  # noqa: E402
from duban.v1 import definition_service_pb2 as definitions  # noqa: E402
from duban.v1 import definition_service_pb2_grpc as definitions_grpc  # noqa: E402
from duban.v1 import directory_service_pb2 as directory  # noqa: E402
from duban.v1 import directory_service_pb2_grpc as directory_grpc  # noqa: E402
from duban.v1 import operator_service_pb2 as operators  # noqa: E402
from duban.v1 import operator_service_pb2_grpc as operators_grpc  # noqa: E402
from duban.v1 import task_service_pb2 as tasks  # noqa: E402
from duban.v1 import task_service_pb2_grpc as tasks_grpc  # noqa: E402
from duban.v1 import watch_service_pb2 as watches  # noqa: E402
from duban.v1 import watch_service_pb2_grpc as watches_grpc  # noqa: E402
from google.protobuf import struct_pb2  # noqa: E402
from google.rpc import error_details_pb2, status_pb2  # noqa: E402


def remove_generated():
    shutil.rmtree(_GENERATED, ignore_errors=True)


def struct(**fields):
    made = struct_pb2.Struct()
    made.update(fields)
    return made


class Client:
    """One person's connection."""

    def __init__(self, channel, token=None):
        self.channel = channel
        self.metadata = (("authorization", f"Bearer {token}"),) if token else ()
        self.cases = self._bind(cases_grpc.CaseServiceStub(channel))
        self.tasks = self._bind(tasks_grpc.TaskServiceStub(channel))
        self.watches = self._bind(watches_grpc.WatchServiceStub(channel))
        self.definitions = self._bind(definitions_grpc.DefinitionServiceStub(channel))
        self.directory = self._bind(directory_grpc.DirectoryServiceStub(channel))
        self.operator = self._bind(operators_grpc.OperatorServiceStub(channel))

    def _bind(self, stub):
        for name, method in list(vars(stub).items()):
            setattr(
                stub,
                name,
                lambda request, method=method, timeout=20: method(
                    request, timeout=timeout, metadata=self.metadata
                ),
            )
        return stub

    def history(self, case_id):
        """All entries of the case, page by page."""
        entries, token = [], ""
        while True:
            page = self.cases.ListHistory(
                cases.ListHistoryRequest(case_id=case_id, page_size=1000, page_token=token)
            )
            entries += page.entries
            token = page.next_page_token
            if not token:
                return entries

    def closed_tasks(self, case_id):
        """All tasks of the case, the closed ones too, page by page."""
        found, token = [], ""
        while True:
            page = self.tasks.ListTasks(
                tasks.ListTasksRequest(case_id=case_id, include_closed=True, page_size=1000, page_token=token)
            )
            found += page.tasks
            token = page.next_page_token
            if not token:
                return found

    def start(self, request_id, workflow="hazard", **data):
        return self.cases.StartCase(
            cases.StartCaseRequest(
                request_id=request_id, campaign="end-to-end", workflow=workflow, data=struct(**data)
            )
        ).receipt

    def send(self, request_id, case_id, event, reason="", revision=0):
        return self.cases.SendEvent(
            cases.SendEventRequest(
                request_id=request_id,
                case_id=case_id,
                event=event,
                reason=reason,
                expected_revision=revision,
            )
        ).receipt

    def decide(self, request_id, task_id, outcome, opinion="", revision=0, timeout=20, **form):
        return self.tasks.Decide(
            tasks.DecideRequest(
                request_id=request_id,
                task_id=task_id,
                outcome=outcome,
                opinion=opinion,
                form=struct(**form),
                expected_revision=revision,
            ),
            timeout=timeout,
        ).receipt

    def case(self, case_id):
        return self.cases.GetCase(cases.GetCaseRequest(case_id=case_id)).case

    def open_task(self, case_id):
        return self.tasks.ListTasks(tasks.ListTasksRequest(case_id=case_id)).tasks[0]


class Refused:
    """The typed error of a refused call, as google.rpc.Status carries it."""

    def __init__(self, error):
        self.code = error.code()
        self.message = error.details()
        self.reason = None
        self.domain = None
        self.refusal = None
        self.violations = []
        self.retry = None
        details = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin")
        if details is None:
            return
        for detail in status_pb2.Status.FromString(details).details:
            if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
                info = error_details_pb2.ErrorInfo.FromString(detail.value)
                self.reason, self.domain = info.reason, info.domain
            elif detail.Is(error_details_pb2.BadRequest.DESCRIPTOR):
                self.violations = list(
                    error_details_pb2.BadRequest.FromString(detail.value).field_violations
                )
            elif detail.Is(error_details_pb2.RetryInfo.DESCRIPTOR):
                self.retry = error_details_pb2.RetryInfo.FromString(detail.value).retry_delay
            elif detail.Is(common.Refusal.DESCRIPTOR):
                self.refusal = common.Refusal.FromString(detail.value)


def refused(call, *arguments, **named):
    """Calls, and gives the error that must come."""
    try:
        call(*arguments, **named)
    except grpc.RpcError as error:
        return Refused(error)
    raise AssertionError("the call was not refused")


class Server:
    """A directory with a configuration, tokens and a database; a duband that can be killed and started again."""

    def __init__(self, server="", more="", storage="plugin = sqlite\npath = duban.db", campaign=CAMPAIGN, people=PEOPLE):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="duban-test-"))
        self.config = self.directory / "duban.ini"
        self.process = None
        self.output = queue.Queue()
        self.channels = []
        self.campaign = campaign
        shutil.copy(campaign / "organisation.yaml", self.directory)
        self.write(server=server, more=more, storage=storage)
        self.tokens = {person: self.make_token(person) for person in people}

    def write(self, server="", more="", storage="plugin = sqlite\npath = duban.db", listen="127.0.0.1:0"):
        self.config.write_text(f"""[server]
listen = {listen}
tokens = tokens
{server}
[storage]
{storage}
[directory]
organisation = organisation.yaml
[backup]
directory = backups
[notify]
normal = log
urgent = log
[notifier.log]
plugin = log
path = notifications.log
{more}
""")

    def make_token(self, person):
        made = subprocess.run(
            [DUBAND, "token", person, "--config", self.config], capture_output=True, text=True
        )
        if made.returncode != 0:
            raise RuntimeError(made.stderr)
        return made.stdout.strip()

    def run(self, *arguments, timeout=20):
        """A duband that is expected to end by itself."""
        return subprocess.run(
            [DUBAND, "--config", self.config, *arguments], capture_output=True, text=True, timeout=timeout
        )

    def start(self, *arguments):
        with open(self.directory / "stderr", "a") as errors:
            self.process = subprocess.Popen(
                [DUBAND, "--config", self.config, *arguments],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        lines = queue.Queue()
        threading.Thread(
            target=lambda pipe: lines.put(pipe.readline()), args=(self.process.stdout,), daemon=True
        ).start()
        self.ready = lines.get(timeout=30)
        match = re.match(r"duband \S+ listening on (\S+):(\d+) \((.*)\)", self.ready)
        if not match:
            raise RuntimeError((self.directory / "stderr").read_text())
        self.address = f"127.0.0.1:{match.group(2)}"
        return self

    def client(self, person=None, token=None):
        channel = grpc.insecure_channel(self.address)
        self.channels.append(channel)
        return Client(channel, token or (self.tokens[person] if person else None))

    def deploy(self):
        files = {p.name: p.read_text() for p in sorted(self.campaign.glob("*.yaml"))}
        return self.client("admin").definitions.Deploy(definitions.DeployRequest(files=files))

    def kill(self):
        self._close()
        self.process.kill()
        self.forget()

    def forget(self):
        """After the process was told to end."""
        self._close()
        self.process.wait()
        self.process.stdout.close()
        self.process = None

    def stop(self):
        self._close()
        if self.process is None:
            return None
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        self.process.stdout.close()
        self.process = None
        return code

    def remove(self):
        if self.process is not None and self.process.poll() is None:
            self.kill()
        self._close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _close(self):
        for channel in self.channels:
            channel.close()
        self.channels = []
