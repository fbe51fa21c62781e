"""The servers that registry_bench.py measures: ours and its peers.

Each is a class with the same few methods; `available()` gives the reason why a
peer cannot run here, or nothing. All listen on loopback, keep what they
acknowledge durable as they come, and ask for a token that they check
themselves: the Distribution project's registries trust an issuer that this
module plays, so that no password is hashed while they are measured.
"""
import base64
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
PASSWORD = "bench-password"
REPO = "bench/load"
TICK = os.sysconf("SC_CLK_TCK")
SERVICE = "registry-bench"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def processor_seconds(pid):
    """Of a process and its children."""
    fields = open(f"/proc/{pid}/stat").read()
    fields = fields[fields.rindex(")") + 2:].split()
    seconds = (int(fields[11]) + int(fields[12])) / TICK
    for child in open(f"/proc/{pid}/task/{pid}/children").read().split():
        seconds += processor_seconds(child)
    return seconds


class Issuer:
    """Signs the tokens that a peer takes, with a key made for this run."""

    def __init__(self, folder):
        self.key, self.certificate = folder / "token.key", folder / "token.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days",
             "2", "-subj", "/CN=registry-bench", "-keyout", self.key, "-out",
             self.certificate], check=True, stderr=subprocess.DEVNULL)

    def token(self):
        def part(data):
            text = data if isinstance(data, bytes) else json.dumps(data).encode()
            return base64.urlsafe_b64encode(text).rstrip(b"=")

        now = int(time.time())
        der = ssl.PEM_cert_to_DER_cert(self.certificate.read_text())
        head = {"typ": "JWT", "alg": "RS256",
                "x5c": [base64.b64encode(der).decode()]}
        claims = {"iss": SERVICE, "aud": SERVICE, "sub": "bench", "jti": "1",
                  "iat": now - 60, "nbf": now - 60, "exp": now + 7200,
                  "access": [{"type": "repository", "name": REPO,
                              "actions": ["pull", "push"]}]}
        text = part(head) + b"." + part(claims)
        signature = subprocess.run(
            ["openssl", "dgst", "-sha256", "-sign", self.key], input=text,
            check=True, capture_output=True).stdout
        return (text + b"." + part(signature)).decode()


class Server:
    """A process that answers below /v2/. `tls` is the certificate with its
    key in one file, or nothing."""
    name = ""

    def __init__(self, folder, context):
        self.folder, self.context, self.tls = folder, context, None
        self.port = free_port()
        self.process = None
        folder.mkdir(parents=True)

    def start(self, tls=None):
        """Starts it on what is in its folder; milliseconds until it answers."""
        self.tls = tls
        command, environment = self.command()
        begin = time.monotonic()
        self.process = subprocess.Popen(
            [str(word) for word in command],
            env=dict(os.environ, **environment), stdout=subprocess.DEVNULL,
            stderr=open(self.folder / "log", "ab"))
        while time.monotonic() < begin + 30 and self.process.poll() is None:
            if self.answers():
                return (time.monotonic() - begin) * 1e3
            time.sleep(0.0005)
        self.stop()
        raise RuntimeError(f"{self.name} did not start: " +
                           (self.folder / "log").read_text()[-400:])

    def answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), 5) as plain:
                if self.tls:
                    anyone = ssl.create_default_context()
                    anyone.check_hostname = False
                    anyone.verify_mode = ssl.CERT_NONE
                    anyone.wrap_socket(plain).close()
                    return True
                plain.sendall(b"GET /v2/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                              b"Connection: close\r\n\r\n")
                return plain.recv(64)[9:12] in (b"200", b"401", b"404")
        except OSError:
            return False

    def stop(self):
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def address(self):
        return f"tls:{self.port}" if self.tls else str(self.port)

    def cpu(self):
        return processor_seconds(self.process.pid)

    def memory_mib(self, key):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith(key + ":"):
                return int(line.split()[1]) / 1024
        return 0

    def forget_peak(self):
        with open(f"/proc/{self.process.pid}/clear_refs", "w") as file:
            file.write("5")

    def free_disk(self):
        """Gives back what large blobs take, but no inode: ext4 is slow in a
        folder of which many were just removed."""
        for path in self.folder.rglob("*"):
            if path.is_file() and path.stat().st_size > 16 << 20:
                os.truncate(path, 0)


class Skerry(Server):
    name = "Skerry"

    @staticmethod
    def available(context):
        return "" if pathlib.Path(context.skerry).exists() else "it is not built"

    def command(self):
        scheme = "https" if self.tls else "http"
        return ([self.context.skerry, "serve", "--data", self.folder / "data",
                 "--listen", f"{scheme}://127.0.0.1:{self.port}"],
                {"SKERRY_ADMIN_PASSWORD": PASSWORD})

    def prepare(self):
        self.call("POST", "/api/v1/projects", {"name": REPO.split("/")[0]})

    def call(self, method, path, body=None):
        basic = base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
        scheme = "https" if self.tls else "http"
        request = urllib.request.Request(
            f"{scheme}://127.0.0.1:{self.port}{path}", method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "Basic " + basic,
                     "Content-Type": "application/json"})
        anyone = ssl.create_default_context()
        anyone.check_hostname = False
        anyone.verify_mode = ssl.CERT_NONE
        return json.load(urllib.request.urlopen(request, context=anyone))

    def auth(self):
        query = urllib.parse.urlencode(
            {"service": "skerry", "scope": f"repository:{REPO}:pull,push"})
        return "Bearer " + self.call("GET", "/v2/token?" + query)["token"]

    def certificate(self):
        """Its own, with the key, for the others to use too."""
        return self.folder / "data/keys/server.pem"


class Distribution(Server):
    """The Distribution project's registry, as its packages configure it: blobs
    in files, what was looked up remembered in memory."""

    def command(self):
        config = self.folder / "config.yml"
        http = {"addr": f"127.0.0.1:{self.port}", "secret": "bench"}
        if self.tls:
            http["tls"] = {"certificate": str(self.tls), "key": str(self.tls)}
        config.write_text(json.dumps({  # JSON is YAML
            "version": "0.1",
            "log": {"level": "error", "accesslog": {"disabled": True}},
            "storage": {"filesystem": {"rootdirectory": f"{self.folder}/data"},
                        "cache": {"blobdescriptor": "inmemory"}},
            "http": http,
            "auth": {"token": {
                "realm": "http://127.0.0.1:1/token", "service": SERVICE,
                "issuer": SERVICE,
                "rootcertbundle": str(self.context.issuer.certificate)}}}))
        return [self.program(), "serve", config], {"OTEL_TRACES_EXPORTER": "none"}

    def prepare(self):
        pass

    def auth(self):
        return "Bearer " + self.context.issuer.token()


class DockerRegistry(Distribution):
    name = "docker-registry 2.8.2"

    @staticmethod
    def available(context):
        program = shutil.which("docker-registry")
        return "" if program else "Debian's docker-registry is not installed"

    def program(self):
        return shutil.which("docker-registry")


def go_tool(name):
    """Where tests/tools/go_tool.sh built it, and why it could not."""
    done = subprocess.run([ROOT / "tests/tools/go_tool.sh", name],
                          capture_output=True, text=True)
    lines = done.stderr.strip().splitlines() or ["it cannot be built"]
    return done.stdout.strip(), "" if done.returncode == 0 else lines[-1]


class Distribution3(Distribution):
    name = "distribution 3"
    built = ""

    @classmethod
    def available(cls, context):
        cls.built, why = go_tool("registry")
        return why

    def program(self):
        return self.built


class Nginx(Server):
    """Serves the blob as a file: what pulls can be at best. No authentication,
    no registry."""
    name = "nginx"

    @staticmethod
    def available(context):
        return "" if shutil.which("nginx") else "it is not installed"

    def command(self):
        folder = self.folder
        listen = f"127.0.0.1:{self.port}"
        if self.tls:
            listen += (f" ssl; ssl_protocols TLSv1.3; ssl_certificate {self.tls};"
                       f" ssl_certificate_key {self.tls}")
        (folder / "nginx.conf").write_text(
            f"daemon off; worker_processes 2; pid {folder}/pid; user root;\n"
            "events {}\nhttp { access_log off; sendfile on; tcp_nopush on;\n" +
            "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in (
                "client_body", "proxy", "fastcgi", "uwsgi", "scgi")) +
            f"server {{ listen {listen}; root {folder}/files; }} }}\n")
        return ["nginx", "-c", folder / "nginx.conf", "-e", folder / "log"], {}

    def prepare(self):
        pass

    def auth(self):
        return ""

    def hold(self, path, source):
        target = self.folder / "files" / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


class Context:
    """What all servers of a run share."""

    def __init__(self, folder, skerry):
        self.skerry = skerry
        self.issuer = Issuer(folder)


# zot has no class: its module cannot be had from the module proxy, so none
# could be tried.
ABSENT = {"zot": "its module is refused by the module proxy"}


def registries(context):
    """The registries that run here, and why others do not, by name."""
    present, absent = [], dict(ABSENT)
    for kind in (Skerry, DockerRegistry, Distribution3):
        why = kind.available(context)
        if not why:
            present.append(kind)
        elif kind is Skerry:
            sys.exit("registry_bench: Skerry: " + why)
        else:
            absent[kind.name] = why
    return present, absent
