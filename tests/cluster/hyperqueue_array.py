"""A study as an array of HyperQueue tasks, on a server with four workers started here.

    hyperqueue_array.py PROGRAM STUDY STORE PARTS

A task that fails is submitted once more, as a user would after looking at --status.
"""

import sys

from hyperqueue import Job
from hyperqueue.client import FailedJobsException
from hyperqueue.cluster import LocalCluster, WorkerConfig

program, study, store, parts = sys.argv[1:4] + [int(sys.argv[4])]


def submit(client):
    job = Job()
    for part in range(1, parts + 1):
        job.program(
            [program, "sweep", study, "-o", store, "--shard", f"{part}/{parts}", "--jobs", "1", "--quiet"],
            name=f"part {part}",
        )
    client.wait_for_jobs([client.submit(job)])


with LocalCluster() as cluster:
    for _ in range(4):
        cluster.start_worker(WorkerConfig(cores=1))
    client = cluster.client()
    try:
        submit(client)
    except FailedJobsException as failed:
        print(failed)
        submit(client)
