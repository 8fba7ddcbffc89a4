"""What somebody could do to a clone: alter bytes where they lie, or rewrite history as well-formed Git."""

import pathlib
import shutil
import tempfile
import zlib

from shop import expect

MAIN = "refs/heads/main"
LOG = "refs/heads/countersign/log"


class Copy:
    """A copy of a bare clone, to tamper with."""

    def __init__(self, shop, mirror, name):
        self.shop = shop
        self.folder = pathlib.Path(mirror).parent / name
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(mirror, self.folder, symlinks=True)

    def git(self, *arguments, text=None, extra=None):
        ran = self.shop.run("git", "-C", self.folder, *arguments, text=text, good=True, extra=extra)
        return ran.out.strip()

    def read(self, identifier):
        """The bytes of a blob."""
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "blob"
            self.shop.run("sh", "-c", 'git -C "$0" cat-file blob "$1" > "$2"', self.folder, identifier, file, good=True)
            return file.read_bytes()

    def damage(self, identifier, before, after):
        """Alters a blob where it lies, under its old name."""
        self._unpack()
        content = altered(self.read(identifier), before, after)
        file = self.folder / "objects" / identifier[:2] / identifier[2:]
        file.unlink()
        file.write_bytes(zlib.compress(b"blob %d\0" % len(content) + content))

    def rewrite(self, path, before, after):
        """Alters a file in every commit of main that has those bytes, makes all later commits anew, and forgets the old."""
        start = self.git("rev-parse", f"{MAIN}:{path}")
        blob = self.git("hash-object", "-w", "--stdin", text=altered(self.read(start), before, after))
        made = {}
        for commit in self.git("rev-list", "--topo-order", "--reverse", MAIN).split():
            self._make_anew(commit, path, start, blob, made)
        self.git("update-ref", MAIN, made[self.git("rev-parse", MAIN)])
        self.git("gc", "-q", "--prune=now")

    def _make_anew(self, commit, path, start, blob, made):
        text = self.git("cat-file", "commit", commit) + "\n"
        tree = self.git("rev-parse", f"{commit}^{{tree}}")
        if self.git("ls-tree", commit, path).startswith(f"100644 blob {start}"):
            text = text.replace(f"tree {tree}\n", f"tree {self._tree_with(commit, path, blob)}\n", 1)
        for old, new in made.items():
            text = text.replace(f"parent {old}\n", f"parent {new}\n", 1)
        made[commit] = self.git("hash-object", "-t", "commit", "-w", "--stdin", text=text)

    def alter_log(self, path, before, after):
        """Alters a file of the record log's branch, in a well-formed commit."""
        parent = self.git("rev-parse", LOG)
        blob = self.git("hash-object", "-w", "--stdin", text=altered(self.read(f"{LOG}:{path}"), before, after))
        tree = self._tree_with(parent, path, blob)
        identity = {f"GIT_{who}_{what}": "eve" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        self.git("update-ref", LOG, self.git("commit-tree", tree, "-p", parent, "-m", "log", extra=identity))

    def find_in_log(self, word):
        """The newest file of entries that holds a word."""
        paths = [path for path in self.log_files() if path.startswith("tile/entries/")]
        found = [path for path in paths if word in self.read(f"{LOG}:{path}")]
        expect(found, f"{word!r} in the record log's branch", paths)
        return found[-1]

    def log_files(self):
        return self.git("ls-tree", "-r", "--name-only", LOG).split("\n")

    def verify(self):
        """What the program says of the copy, with no server at hand."""
        return self.shop.countersign(
            "verify", "--genesis", self.shop.genesis, "--content-root", self.shop.content_root, self.folder
        )

    def _tree_with(self, commit, path, blob):
        index = {"GIT_INDEX_FILE": str(self.folder / "tamper.index")}
        self.git("read-tree", commit, extra=index)
        self.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}", extra=index)
        return self.git("write-tree", extra=index)

    def _unpack(self):
        packs = self.folder / "objects" / "pack"
        aside = self.folder / "packs-aside"
        if not aside.exists():
            packs.rename(aside)
            packs.mkdir()
            for pack in sorted(aside.glob("*.pack")):
                self.git("unpack-objects", "-q", text=pack.read_bytes())


def altered(content, before, after):
    """The bytes with one of them altered."""
    expect(before in content, f"{before!r} in what is to be altered", content[:200])
    changed = content.replace(before, after, 1)
    differing = sum(1 for old, new in zip(content, changed) if old != new)
    expect(len(content) == len(changed) and differing == 1, "one byte altered", f"{differing} of {len(changed)}")
    return changed
