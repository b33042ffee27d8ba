"""A study as an array of HyperQueue tasks, on a server with four workers started here.

    hyperqueue_array.py PROGRAM STUDY STORE PARTS BEGUN [LOSE]

BEGUN is a file to which every task that begins adds the number of its part. With LOSE, one of the four workers is lost when so
many shards are finished: its connection to the server ends, as when its machine goes. The wheel keeps workers in the process of
their server, each with a connection of its own; what the server then does is what it does for any worker.

A task that fails is submitted once more, as a user would after looking at --status.
"""

import json
import os
import pathlib
import socket
import sys
import threading
import time

from hyperqueue import Job
from hyperqueue.client import FailedJobsException
from hyperqueue.cluster import LocalCluster, WorkerConfig

program, study, store, parts, begun = sys.argv[1:4] + [int(sys.argv[4]), sys.argv[5]]
lose = int(sys.argv[6]) if len(sys.argv) > 6 else None

NOTED = 'echo "$1" >> "$2"; shift 2; exec "$@"'


def submit(client):
    job = Job()
    for part in range(1, parts + 1):
        run = [program, "sweep", study, "-o", store, "--shard", f"{part}/{parts}", "--jobs", "1", "--quiet"]
        job.program(["sh", "-c", NOTED, "sh", str(part), begun, *run], name=f"part {part}")
    client.wait_for_jobs([client.submit(job)])


def workers(server_dir):
    """The workers' ends of their connections to the server."""
    port = json.loads(pathlib.Path(server_dir, "hq-current", "access.json").read_text())["worker"]["port"]
    found = []
    for number in sorted(int(n) for n in os.listdir("/proc/self/fd")):
        try:
            end = socket.socket(fileno=os.dup(number))
            if end.family == socket.AF_INET and end.type == socket.SOCK_STREAM and end.getpeername()[1] == port:
                found.append(end)
                continue
            end.close()
        except OSError:
            pass
    return found


def lose_one(server_dir):
    ends = workers(server_dir)
    assert len(ends) == 4, f"{len(ends)} workers"
    while len(list(pathlib.Path(store, "shards").glob("*.parquet"))) < lose:
        time.sleep(0.05)
    ends[1].shutdown(socket.SHUT_RDWR)
    print("lost one worker of four", flush=True)


with LocalCluster() as cluster:
    for _ in range(4):
        cluster.start_worker(WorkerConfig(cores=1))
    time.sleep(1)
    if lose is not None:
        threading.Thread(target=lose_one, args=[cluster.cluster.server_dir], daemon=True).start()
    client = cluster.client()
    try:
        submit(client)
    except FailedJobsException as failed:
        print(failed)
        submit(client)
