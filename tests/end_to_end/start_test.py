"""What keeps a server from starting, and how it says so."""

import shutil
import sqlite3
import subprocess
import unittest

from harness import BINARY, DUBAND, Server, remove_generated


class StartTest(unittest.TestCase):
    """What keeps a server from starting: exit code 1 and lines that say what to do, in both languages."""

    def setUp(self):
        self.server = Server()

    def tearDown(self):
        self.server.remove()

    def refuses(self, *words, arguments=()):
        ended = self.server.run(*arguments)
        self.assertEqual(ended.returncode, 1, ended.stderr)
        self.assertEqual(ended.stdout, "")
        self.assertNotIn("terminate called", ended.stderr)
        for word in words:
            self.assertIn(word, ended.stderr)
        self.assertRegex(ended.stderr, "[\u4e00-\u9fff]")
        return ended.stderr

    def test_a_good_configuration_is_said_to_be_good(self):
        ended = self.server.run("--check-config")
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        self.assertIn("ok", ended.stdout)
        self.assertFalse((self.server.directory / "duban.db").exists())

    def test_plaintext_on_other_addresses(self):
        for listen in ("0.0.0.0:0", "[::]:0", "127.example.org:7400", "localhost.example.org:1"):
            self.server.write(listen=listen)
            self.refuses("TLS", listen, "127.0.0.1")

    def test_unknown_keys_all_at_once_with_what_was_meant(self):
        self.server.write(
            server="lisen = x\nmax_message_bytes = many",
            more="[serverr]\nx = 1\n[log]\nlevel = loud\n[notify.x]",
        )
        said = self.refuses(
            "lisen",
            "did you mean listen?",
            "did you mean server?",
            "65536",
            "debug, info, warning or error",
        )
        self.assertGreaterEqual(len(said.splitlines()), 4)

    def test_not_an_ini_file(self):
        self.server.config.write_text("[server\nlisten")
        self.refuses("duban.ini:1")
        self.server.config.unlink()
        self.refuses("--config")

    def test_what_is_named_must_exist(self):
        self.server.write(more="[notifier.pager]\nplugin = pager\n")
        self.refuses("pager", "log")
        self.server.write(storage="plugin = oracle")
        self.refuses("oracle", "sqlite")
        self.refuses("oracle", arguments=("--check-config",))
        self.server.write(storage="plugin = sqlite\npath = duban.db\npaht = x")
        self.refuses("paht")
        self.server.write(storage="plugin = sqlite\npath = no/such/folder/duban.db")
        self.refuses("no/such/folder")
        self.server.write()
        (self.server.directory / "organisation.yaml").write_text("people: {a: {name: x, ofice: y}}\n")
        self.refuses("organisation.yaml", "ofice")
        (self.server.directory / "organisation.yaml").unlink()
        self.refuses("organisation.yaml")

    def test_a_plugin_of_another_kind_or_none_at_all(self):
        plugins = self.server.directory / "plugins"
        shutil.copytree(BINARY / "plugins", plugins, symlinks=False)
        (plugins / "notification" / "broken.so").write_text("not a library")
        shutil.copy(plugins / "storage" / "memory.so", plugins / "notification" / "memory.so")
        for name in ("broken", "memory"):
            self.server.write(more=f"[plugins]\ndirectory = plugins\n[notifier.x]\nplugin = {name}\n")
            self.refuses(name)

    def test_nobody_could_sign_in(self):
        config = self.server.config.read_text().replace("tokens = tokens\n", "")
        self.server.config.write_text(config)
        self.refuses("tokens")
        self.server.write()
        (self.server.directory / "tokens").write_text("not-a-hash someone\n")
        self.refuses("tokens:1")

    def test_databases_that_are_not_ours_to_open(self):
        path = self.server.directory / "duban.db"
        path.write_bytes(b"this is no database, but it is long enough to have a header" * 100)
        self.refuses("duban.db")
        path.unlink()
        self.server.start()
        self.server.stop()
        database = sqlite3.connect(path)
        version = database.execute("PRAGMA user_version").fetchone()[0]
        database.execute(f"PRAGMA user_version = {version + 1000}")
        database.commit()
        database.close()
        self.refuses(str(version + 1000))

    def test_a_port_that_is_taken(self):
        self.server.start()
        port = self.server.address.split(":")[1]
        other = Server()
        other.write(listen=f"127.0.0.1:{port}")
        ended = other.run()
        other.remove()
        self.assertEqual(ended.returncode, 1)
        self.assertIn(port, ended.stderr)

    def test_usage(self):
        for arguments in (
            [],
            ["--config", self.server.config, "--colour"],
            ["--config", self.server.config, "--virtual-clock", "tomorrow"],
        ):
            ended = subprocess.run([DUBAND, *arguments], capture_output=True, text=True)
            self.assertEqual(ended.returncode, 2, ended.stderr)
        for argument in ("--help", "--version"):
            ended = subprocess.run([DUBAND, argument], capture_output=True, text=True)
            self.assertEqual(ended.returncode, 0)
            self.assertIn("duband", ended.stdout)
        ended = self.server.run("token", "stranger")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("stranger", ended.stderr)


def tearDownModule():
    remove_generated()


if __name__ == "__main__":
    unittest.main()
