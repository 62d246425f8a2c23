"""Grades a class on a Dask cluster: workers run submissions, the coordinator alone judges and writes.

::

    coordinator                       scheduler            worker (one warm process, behind walls)
    claim, pack ---------------------- Dask ---------------> unpack, take in, run, ask its models
    judge with the truth, report <---- Dask ---------------- pack what it left
    write the attempt

What travels is bytes: a submission one way, its evidence the other, and once for all the rows that
it is run with. The truth and the secret seed stay with the coordinator. Dask decides what runs where,
runs again elsewhere what a lost worker had, and lets workers come and go; the kit has no queue,
scheduler or protocol of its own.
"""
