"""A little proxy with TLS on loopback, as the real one stands before the web process."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_OWN_BUSINESS = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade"}


@contextmanager
def tls_proxy(to_port: int, names: list[str], folder: Path) -> Iterator[tuple[int, ssl.SSLContext]]:
    """Serve https for ``names`` in front of ``to_port``; gives its port and a context that trusts it."""
    certificate = _certificate(names, folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(to_port))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, folder / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1], ssl.create_default_context(cafile=str(certificate))
    finally:
        server.shutdown()
        server.server_close()


def _handler(to_port: int) -> type[BaseHTTPRequestHandler]:
    class Forward(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            told = [(name, value) for name, value in self.headers.items() if not _is_replaced(name)]
            told += [("X-Forwarded-For", self.client_address[0]), ("X-Forwarded-Proto", "https")]
            inner = HTTPConnection("127.0.0.1", to_port, timeout=60)
            inner.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in told:
                inner.putheader(name, value)
            inner.endheaders(body)
            answer = inner.getresponse()
            content = answer.read()
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in _OWN_BUSINESS | {"content-length"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else content)
            inner.close()

        def __getattr__(self, name: str) -> object:
            if name.startswith("do_"):  # every method alike
                return self._forward
            raise AttributeError(name)

        def log_request(self, code: object = "-", size: object = "-") -> None:
            """Silent."""

    return Forward


def _is_replaced(name: str) -> bool:
    return name.lower() in _OWN_BUSINESS or name.lower() in {"x-forwarded-for", "x-forwarded-proto"}


def _certificate(names: list[str], folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(known) for known in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(secret)
    path = folder / "certificate.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return path
