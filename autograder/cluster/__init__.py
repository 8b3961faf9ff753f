"""Grades a class on an existing Dask cluster; nothing outside this folder imports dask.

`Cluster(address, …)` is an executor that `classroom.grade_class` takes in place of its own threads. Submissions go to
the workers and grades come back; files, gradebook and progress stay with whoever started the run.
"""

from autograder.cluster.cluster import Cluster, ClusterUnusable

__all__ = ["Cluster", "ClusterUnusable"]
