"""Which commit a register folder's own git repository stands at, or an earlier version's files are of, read without git."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from popmap.register.history import written_out


def head(folder: Path, files: Mapping[str, bytes]) -> tuple[str, bool]:
    """Return the commit a register folder stands at, and whether its files are those of that commit.

    Args:
        folder: The register folder. Only a repository of its own counts: one around it says nothing about the register's history.
        files: The files that were read, by their paths in the folder.

    Returns:
        The commit's id, "" when there is none, and whether each file is in it, byte for byte.
    """
    if version := written_out(folder):
        return version.id, True
    if not (folder / ".git").exists():
        return "", False
    # It takes a while to import, and most registers need it not.
    from dulwich.errors import FileFormatException, NotGitRepository, PackedRefsException
    from dulwich.object_store import tree_lookup_path
    from dulwich.objects import Blob, Commit
    from dulwich.repo import Repo

    try:
        with Repo(str(folder)) as repository:
            identity = repository.head()
            commit = repository[identity]
            if not isinstance(commit, Commit):
                return "", False
            for name, content in files.items():
                try:
                    _, stored = tree_lookup_path(repository.__getitem__, commit.tree, name.encode())
                except (KeyError, NotADirectoryError):
                    return identity.decode(), False
                if stored != Blob.from_string(content).id:
                    return identity.decode(), False
            return identity.decode(), True
    except (NotGitRepository, FileFormatException, PackedRefsException, KeyError, ValueError, OSError):
        # A repository without a commit, or a broken one, has no version to name.
        return "", False
