"""What lies in deploy/, as tests start it: nginx in front of real servers, on loopback."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from msgspec import Struct

from bot.bench_servers import free_port

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
NGINX = DEPLOY / "nginx.conf"
SERVERS = ("172.30.81.11:8000", "172.30.81.12:8000")
_PATIENCE = 30.0  # seconds for a server to start on a busy machine


class Running(Struct, frozen=True):
    """A server as a process, with all that it has forked; its log is a file."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def end(self, number: int = signal.SIGTERM, *, all_of_it: bool = False) -> None:
        """Tell it to end, or with `all_of_it` every process of it."""
        with suppress(ProcessLookupError):
            (os.killpg if all_of_it else os.kill)(self.process.pid, number)


def need_nginx() -> str:
    """The program; skips the test where there is none."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    return found or pytest.skip("no nginx: apt-get install -y nginx-light")


def settled(folder: Path, servers: tuple[str, ...] = SERVERS, port: int = 8443) -> Path:
    """deploy/nginx.conf for this machine: its ports, its certificate, its temporary files."""
    folder.mkdir(parents=True, exist_ok=True)
    certificate(folder)
    text = NGINX.read_text("utf-8")
    for told, meant in (
        *zip(SERVERS, servers, strict=True),
        (" /tmp/", f" {folder}/"),
        ("/etc/nginx/tls/", f"{folder}/"),
        ("/dev/stdout", f"{folder}/access.log"),
        ("listen 8443", f"listen 127.0.0.1:{port}"),
        ("listen 8080", f"listen 127.0.0.1:{free_port()}"),
    ):
        assert told in text, told
        text = text.replace(told, meant)
    file = folder / "nginx.conf"
    file.write_text(text, "utf-8")
    return file


def certificate(folder: Path) -> None:
    """A certificate of 127.0.0.1 that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "fullchain.pem").write_bytes(made.public_bytes(pem))
    plain = serialization.NoEncryption()
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    (folder / "privkey.pem").write_bytes(secret)


@contextmanager
def served(folder: Path, settings: Mapping[str, str]) -> Iterator[Running]:
    """Run `yiwentong serve` with these settings; it takes a moment until it `answers`."""
    port, log = free_port(), folder / "log"
    folder.mkdir(parents=True, exist_ok=True)
    kept = {key: value for key, value in os.environ.items() if not key.startswith("YIWENTONG_")}
    own = {"YIWENTONG_PORT": str(port), "YIWENTONG_DATA_DIR": str(folder / "data")}
    with log.open("wb") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"],
            cwd=folder,
            env={**kept, "PYTHONPATH": str(ROOT), **own, **settings},
            stdout=told,
            stderr=told,
            start_new_session=True,
        )
        running = Running(f"http://127.0.0.1:{port}", process, log)
        try:
            yield running
        finally:
            running.end(signal.SIGKILL, all_of_it=True)
            process.wait(10)


@contextmanager
def proxied(
    folder: Path, servers: tuple[str, ...], *, rate: str = "20r/s"
) -> Iterator[httpx.Client]:
    """Run nginx in front of servers; a client that trusts its certificate.

    `rate` is how often one address may ask, since all that tests ask comes from one.
    """
    program, port = need_nginx(), free_port()
    conf = settled(folder, servers, port)
    conf.write_text(conf.read_text("utf-8").replace("rate=20r/s", f"rate={rate}"), "utf-8")
    words = [program, "-p", str(folder), "-c", str(conf), "-g", "daemon off;"]
    log = folder / "nginx.log"
    with log.open("wb") as told:
        process = subprocess.Popen(words, stdout=told, stderr=told)  # noqa: S603 - as above
    trusted = ssl.create_default_context(cafile=folder / "fullchain.pem")
    base = f"https://127.0.0.1:{port}"
    try:
        answers(f"{base}/openapi.json", log, trusted)
        with httpx.Client(base_url=base, verify=trusted, timeout=40) as client:
            yield client
    finally:
        process.terminate()
        process.wait(10)


def answers(url: str, log: Path, trusted: ssl.SSLContext | bool = True) -> None:  # noqa: FBT001, FBT002 - as httpx has it
    """Wait until something answers at an address."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            if httpx.get(url, verify=trusted, timeout=5).is_success:
                return
        time.sleep(0.05)
    pytest.fail(f"nothing answers at {url}: {log.read_text('utf-8', 'replace')[-2000:]}")
