"""Sandboxed kernels for Jupyter: JupyterLab, Notebook, nbclient. The only importer of jupyter_client and pyzmq."""

__all__ = ["spec"]
