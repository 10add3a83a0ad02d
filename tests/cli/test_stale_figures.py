"""A second run replaces the figures of the first, and nothing that is not its own."""

from __future__ import annotations

import hashlib

from dossier.writing import write_together


def listed(**files: bytes) -> dict[str, bytes]:
    named = {f"figures/{name}.svg": content for name, content in files.items()}
    sums = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name.removeprefix('figures/')}\n"
        for name, content in named.items()
    )
    return named | {"figures/SHA256SUMS": sums.encode()}


def names(folder):
    return {path.name for path in (folder / "figures").iterdir()}


def test_figures_no_longer_drawn_are_removed(tmp_path):
    write_together(tmp_path, listed(pfs=b"1", swimmer=b"2"))
    write_together(tmp_path, listed(pfs=b"3"))
    assert names(tmp_path) == {"pfs.svg", "SHA256SUMS"}
    assert (tmp_path / "figures" / "pfs.svg").read_bytes() == b"3"


def test_files_of_others_and_edited_figures_stay(tmp_path):
    write_together(tmp_path, listed(pfs=b"1", swimmer=b"2"))
    (tmp_path / "figures" / "mine.svg").write_bytes(b"mine")
    (tmp_path / "figures" / "swimmer.svg").write_bytes(b"touched up by hand")
    write_together(tmp_path, listed(pfs=b"3"))
    assert names(tmp_path) == {"pfs.svg", "swimmer.svg", "mine.svg", "SHA256SUMS"}


def test_a_list_cannot_reach_outside_its_folder(tmp_path):
    outside = tmp_path / "data.csv"
    outside.write_bytes(b"x")
    (tmp_path / "figures").mkdir()
    digest = hashlib.sha256(b"x").hexdigest()
    (tmp_path / "figures" / "SHA256SUMS").write_text(f"{digest}  ../data.csv\n", encoding="utf-8")
    write_together(tmp_path, listed(pfs=b"1"))
    assert outside.is_file()


def test_a_run_without_figures_leaves_them(tmp_path):
    write_together(tmp_path, listed(pfs=b"1"))
    write_together(tmp_path, {"results.json": b"{}"})
    assert names(tmp_path) == {"pfs.svg", "SHA256SUMS"}
