"""Planted changes. Each is a small function over one rebuilt tree that says which row of `klikspaan diff` must tell of it."""
import importlib
import pkgutil
import re
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sees:
    """How a row is recognised: its kind, its subject, and what it says. All three must match; `kinds` the whole kind, `says` before, after and the title."""
    kinds: str
    subject: str
    says: str = ""

    def matches(self, row):
        told = "\n".join(str(row.get(key) or "") for key in ("subject", "before", "after", "title"))
        return bool(re.fullmatch(self.kinds, row["kind"]) and re.search(self.subject, row.get("subject") or "") and re.search(self.says, told))


@dataclass
class Plant:
    name: str
    sort: str                        # what is changed, in a word: several plants may be of one sort
    host: str
    make: object
    quiet: bool = False              # small: no new component, right, file or host gives it away
    scored: bool = True
    about: str = ""


ALL: list = []


def plant(sort, *host_names, quiet=False, scored=True):
    """One plant for each host named. The function's docstring says what is planted."""
    def register(function):
        for host in host_names:
            name = function.__name__ if len(host_names) == 1 else f"{function.__name__}.{host}"
            ALL.append(Plant(name, sort, host, function, quiet, scored, (function.__doc__ or "").strip()))
        return function
    return register


@dataclass
class Site:
    """Where a plant works: the new tree, its apps, and chance from the seed."""
    rebuild: object
    files: object
    known: dict
    folder: object
    rng: object
    open_apps: dict = field(default_factory=dict)
    keys: dict = field(default_factory=dict)

    @property
    def host(self):
        return self.rebuild.host.like or self.rebuild.host.name

    def path_of(self, stem):
        return next(path for path in sorted(self.known) if path.endswith(f"/{stem}.apk"))

    def app(self, stem):
        """An app of the new tree by the name of its file; it is signed again when the plant is done."""
        from rebuild import App
        if stem not in self.open_apps:
            self.open_apps[stem] = App(self.rebuild, self.files, self.known, self.folder, self.path_of(stem))
        return self.open_apps[stem]

    def one_of(self, *words):
        return self.rng.choice(words)

    def edit(self, path, change):
        text = self.files.text(path)
        changed = change(text)
        if changed == text:
            raise KeyError(f"nothing to change in {path}")
        self.files.write_text(path, changed)

    def close(self):
        for stem, app in self.open_apps.items():
            app.close(self.keys.get(stem))


def word(text):
    return re.escape(text)


def load():
    for module in sorted(m.name for m in pkgutil.iter_modules(__path__)):
        importlib.import_module(f"plants.{module}")
    return ALL
