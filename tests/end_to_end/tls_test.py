"""TLS and mutual TLS with certificates made on the spot."""

import subprocess
import unittest

import grpc

from harness import Client, Server, directory, refused, remove_generated


def openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def make_authority(folder):
    openssl(
        folder,
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "ca.key",
        "-out",
        "ca.pem",
        "-days",
        "2",
        "-subj",
        "/CN=Test CA",
    )


def make_certificate(folder, name, common_name, names=""):
    openssl(
        folder,
        "req",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        f"{name}.key",
        "-out",
        f"{name}.csr",
        "-subj",
        f"/CN={common_name}",
    )
    (folder / f"{name}.ext").write_text(
        f"subjectAltName = {names}\n" if names else "basicConstraints = CA:FALSE\n"
    )
    openssl(
        folder,
        "x509",
        "-req",
        "-in",
        f"{name}.csr",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-out",
        f"{name}.pem",
        "-days",
        "2",
        "-extfile",
        f"{name}.ext",
    )


class TlsTest(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.folder = self.server.directory
        make_authority(self.folder)
        make_certificate(self.folder, "server", "localhost", "DNS:localhost,IP:127.0.0.1")

    def tearDown(self):
        self.server.stop()
        self.server.remove()

    def read(self, name):
        return (self.folder / name).read_bytes()

    def client(self, token=None, certificate=None):
        pair = (
            (self.read(certificate + ".key"), self.read(certificate + ".pem"))
            if certificate
            else (None, None)
        )
        credentials = grpc.ssl_channel_credentials(self.read("ca.pem"), *pair)
        channel = grpc.secure_channel(self.server.address, credentials)
        self.server.channels.append(channel)
        return Client(channel, token)

    def who(self, client):
        return client.directory.WhoAmI(directory.WhoAmIRequest()).id

    def test_tls_with_tokens(self):
        self.server.write(server="tls_certificate = server.pem\ntls_key = server.key")
        self.server.start()
        self.assertIn("(TLS)", self.server.ready)
        self.assertEqual(self.who(self.client(self.server.tokens["owner"])), "owner")
        self.assertEqual(refused(self.who, self.client()).code, grpc.StatusCode.UNAUTHENTICATED)
        plain = self.server.client("owner")
        self.assertEqual(refused(self.who, plain).code, grpc.StatusCode.UNAVAILABLE)

    def test_any_address_is_allowed_with_tls(self):
        self.server.write(server="tls_certificate = server.pem\ntls_key = server.key", listen="0.0.0.0:0")
        self.server.start()
        self.assertEqual(self.who(self.client(self.server.tokens["owner"])), "owner")

    def test_client_certificates(self):
        make_certificate(self.folder, "head", "head")
        make_certificate(self.folder, "stranger", "stranger")
        self.server.write(
            server="tls_certificate = server.pem\ntls_key = server.key\ntls_client_ca = ca.pem"
        )
        self.server.start()
        self.assertIn("client certificates required", self.server.ready)
        self.assertEqual(self.who(self.client(certificate="head")), "head")
        # A token says more than the certificate of the application that carries it.
        self.assertEqual(self.who(self.client(self.server.tokens["owner"], certificate="head")), "owner")
        self.assertEqual(
            refused(self.who, self.client("duban_wrong", certificate="head")).code,
            grpc.StatusCode.UNAUTHENTICATED,
        )
        self.assertEqual(
            refused(self.who, self.client(certificate="stranger")).code, grpc.StatusCode.UNAUTHENTICATED
        )
        self.assertEqual(
            refused(self.who, self.client(self.server.tokens["owner"])).code, grpc.StatusCode.UNAVAILABLE
        )

    def test_what_cannot_be_used(self):
        make_certificate(self.folder, "other", "other")
        for settings, word in (
            ("tls_certificate = server.pem", "tls_key"),
            ("tls_certificate = server.pem\ntls_key = other.key", "other.key"),
            ("tls_certificate = missing.pem\ntls_key = server.key", "missing.pem"),
            ("tls_client_ca = ca.pem", "tls_certificate"),
        ):
            self.server.write(server=settings)
            ended = self.server.run()
            self.assertEqual(ended.returncode, 1)
            self.assertIn(word, ended.stderr)


def tearDownModule():
    remove_generated()


if __name__ == "__main__":
    unittest.main()
