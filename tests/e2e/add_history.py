"""add_history.py LAYOUT COMMAND...: the image of an OCI layout as a build with
these steps leaves it; the first made its layer, the others made none."""
import hashlib
import json
import os
import sys

folder, commands = sys.argv[1], sys.argv[2:]
blobs = os.path.join(folder, "blobs/sha256")


def read(descriptor):
    with open(os.path.join(blobs, descriptor["digest"][7:]), "rb") as file:
        return json.load(file)


def write(descriptor, value):
    data = json.dumps(value).encode()
    os.remove(os.path.join(blobs, descriptor["digest"][7:]))
    digest = hashlib.sha256(data).hexdigest()
    with open(os.path.join(blobs, digest), "wb") as file:
        file.write(data)
    descriptor.update(digest="sha256:" + digest, size=len(data))


with open(os.path.join(folder, "index.json")) as file:
    index = json.load(file)
manifest = read(index["manifests"][0])
config = read(manifest["config"])
config["created"] = "2024-05-01T12:00:00Z"
config["config"].update(Env=["PATH=/bin"], Labels={"org.example.team": "tools"})
config["history"] = [
    {"created_by": command, **({"empty_layer": True} if number else {})}
    for number, command in enumerate(commands)
]
write(manifest["config"], config)
write(index["manifests"][0], manifest)
with open(os.path.join(folder, "index.json"), "w") as file:
    json.dump(index, file)
