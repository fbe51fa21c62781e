#!/usr/bin/env python3
"""A receiver of webhooks on loopback.

  hook_receiver.py PORT FOLDER

What is posted to /NAME becomes a line of FOLDER/NAME.jsonl with its headers. It
answers with the status in FOLDER/status, or 200.
"""
import http.server
import json
import pathlib
import sys

FOLDER = pathlib.Path(sys.argv[2])


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        line = {"headers": {name.lower(): value for name, value in self.headers.items()},
                "body": body.decode(), "envelope": json.loads(body)}
        with open(FOLDER / (self.path.strip("/") + ".jsonl"), "a") as out:
            out.write(json.dumps(line) + "\n")
        status = FOLDER / "status"
        self.send_response(int(status.read_text()) if status.exists() else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
