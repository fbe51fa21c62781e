#!/usr/bin/env python3
"""Clients that push, pull and delete images at once, and remember what was
acknowledged; afterwards all of that must be there, byte for byte.

    registry_storm.py URL PASSWORD STATE run SECONDS [SEED]
    registry_storm.py URL PASSWORD STATE check

STORM_LAYER_BYTES makes the layers larger. STATE is a folder. Each worker appends to STATE/acknowledged-N what it was told
is done, and to STATE/intended-N what it is about to delete: what is
acknowledged and not intended to go must be there. Many images share layers,
which are pushed, mounted, left out and deleted by several workers at once.
Garbage is collected all the while.
"""
import base64
import hashlib
import http.client
import json
import os
import random
import sys
import threading
import time
import urllib.parse

OCI = "application/vnd.oci.image."
WORKERS = 6
SMALLEST = int(os.environ.get("STORM_LAYER_BYTES", "200"))


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def layer(number):
    """The same bytes for the same number; some are larger than others."""
    size = SMALLEST + number * 37 % 9000
    if number % 17 == 0:
        size = 300_000
    return random.Random(number).randbytes(size)


CONFIG = b'{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}'


def manifest_of(layers, salt):
    def descriptor(kind, data):
        return {"mediaType": OCI + kind, "digest": digest_of(data), "size": len(data)}
    return json.dumps({
        "schemaVersion": 2, "mediaType": OCI + "manifest.v1+json",
        "config": descriptor("config.v1+json", CONFIG),
        "layers": [descriptor("layer.v1.tar", layer(n)) for n in layers],
        "annotations": {"salt": salt}}).encode()


class Gone(Exception):
    """The server went away (it was killed): nothing was acknowledged."""


class Client:
    def __init__(self, url, password):
        parsed = urllib.parse.urlsplit(url)
        self.connection = http.client.HTTPConnection(parsed.hostname, parsed.port, timeout=30)
        self.auth = "Basic " + base64.b64encode(("admin:" + password).encode()).decode()

    def send(self, method, path, body=None, headers=None):
        try:
            self.connection.request(method, path, body=body,
                                    headers={"Authorization": self.auth, **(headers or {})})
            reply = self.connection.getresponse()
            return reply.status, reply.read()
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            raise Gone() from error

    def has_blob(self, repository, digest):
        return self.send("HEAD", f"/v2/{repository}/blobs/{digest}")[0] == 200

    def push_blob(self, repository, data, others):
        """As clients do: ask, then mount, then upload."""
        digest = digest_of(data)
        if self.has_blob(repository, digest):
            return
        source = random.choice(others)
        status, _ = self.send("POST", f"/v2/{repository}/blobs/uploads/?mount={digest}&from={source}")
        if status == 201:
            return
        status, body = self.send("POST", f"/v2/{repository}/blobs/uploads/?digest={digest}", data)
        if status != 201:
            raise AssertionError(f"push of a blob: {status} {body[:300]}")

    def push(self, repository, tag, layers, salt, others):
        for data in [CONFIG] + [layer(n) for n in layers]:
            self.push_blob(repository, data, others)
        manifest = manifest_of(layers, salt)
        status, body = self.send("PUT", f"/v2/{repository}/manifests/{tag}", manifest,
                                 {"Content-Type": OCI + "manifest.v1+json"})
        if status != 201:
            raise AssertionError(f"push of {repository}:{tag}: {status} {body[:300]}")
        return digest_of(manifest)

    def verify(self, repository, digest, layers, salt):
        status, body = self.send("GET", f"/v2/{repository}/manifests/{digest}")
        if status != 200 or body != manifest_of(layers, salt):
            raise AssertionError(f"{repository}@{digest}: {status} {body[:300]}")
        for data in [CONFIG] + [layer(n) for n in layers]:
            status, body = self.send("GET", f"/v2/{repository}/blobs/{digest_of(data)}")
            if status != 200 or body != data:
                raise AssertionError(f"{repository}@{digest} lost {digest_of(data)}: {status} {body[:300]}")


REPOSITORIES = [f"demo/storm{n}" for n in range(4)]


def work(number, url, password, state, until, seed, faults, counts):
    generator = random.Random(seed * 1000 + number)
    client = Client(url, password)
    mine = []
    with open(f"{state}/acknowledged-{number}", "a", buffering=1) as acknowledged, \
            open(f"{state}/intended-{number}", "a", buffering=1) as intended:
        step = 0
        while time.time() < until and not faults:
            step += 1
            try:
                choice = generator.random()
                if choice < 0.5 or not mine:
                    repository = generator.choice(REPOSITORIES)
                    layers = generator.sample(range(60), 3)
                    salt = f"{seed}-{number}-{step}"
                    digest = client.push(repository, f"t{number}-{step}", layers, salt, REPOSITORIES)
                    mine.append((repository, digest, layers, salt))
                    acknowledged.write(json.dumps(mine[-1]) + "\n")
                    counts["pushed"] += 1
                elif choice < 0.75:
                    client.verify(*generator.choice(mine))
                    counts["pulled"] += 1
                else:
                    repository, digest, layers, salt = mine.pop(generator.randrange(len(mine)))
                    intended.write(json.dumps([repository, digest]) + "\n")
                    status, body = client.send("DELETE", f"/v2/{repository}/manifests/{digest}")
                    if status != 202:
                        raise AssertionError(f"delete: {status} {body[:300]}")
                    counts["deleted"] += 1
            except Gone:
                return
            except AssertionError as error:
                faults.append(str(error))
                return


def collect(url, password, until, faults, counts):
    client = Client(url, password)
    try:
        while time.time() < until and not faults:
            status, body = client.send("POST", "/api/v1/collections", b"{}",
                                       {"Content-Type": "application/json"})
            if status not in (202, 409):
                faults.append(f"collection: {status} {body[:300]}")
            counts["collections"] += status == 202
            time.sleep(0.05)
    except Gone:
        pass


def run(url, password, state, seconds, seed):
    faults, counts = [], {"pushed": 0, "pulled": 0, "deleted": 0, "collections": 0}
    until = time.time() + seconds
    threads = [threading.Thread(target=work, args=(n, url, password, state, until, seed, faults, counts))
               for n in range(WORKERS)]
    threads.append(threading.Thread(target=collect, args=(url, password, until, faults, counts)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(counts))
    for fault in faults:
        print("lost:", fault)
    return 1 if faults or counts["pushed"] == 0 else 0


def check(url, password, state):
    client = Client(url, password)
    images, gone = [], set()
    for name in os.listdir(state):
        for line in open(f"{state}/{name}"):
            if name.startswith("intended-"):
                gone.add(tuple(json.loads(line)))
            else:
                images.append(json.loads(line))
    kept = [image for image in images if (image[0], image[1]) not in gone]
    for image in kept:
        client.verify(*image)
    print(f"{len(kept)} of {len(images)} acknowledged images were not deleted, and are whole")
    return 0


url, password, state, what = sys.argv[1:5]
if what == "run":
    sys.exit(run(url, password, state, float(sys.argv[5]), int(sys.argv[6]) if len(sys.argv) > 6 else 1))
sys.exit(check(url, password, state))
