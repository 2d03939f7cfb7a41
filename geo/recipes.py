"""Files that a pack's recipe makes (``generated/...``): made once below the storage folder, again when the recipe changes."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from errors import ConfigurationError
from geo.pack import Pack

GENERATED = "generated/"
_STAMP = "recipe.sha256"


def locate_file(pack: Pack, file: str, var_dir: Path) -> Path:
    """Where a source's file is; the recipe is run first when the file is one of its making and is not up to date."""
    if not file.startswith(GENERATED):
        return pack.path / file
    folder = var_dir / "cities" / pack.slug
    _make(pack, folder)
    return folder / file


def _make(pack: Pack, folder: Path) -> None:
    recipe = pack.path / "recipe.py"
    if not recipe.exists():
        raise ConfigurationError(
            "The pack names generated files but has no recipe.", field="recipe.py", value=pack.path
        )
    wanted = _fingerprint(pack.path)
    stamp = folder / _STAMP
    if stamp.exists() and stamp.read_text() == wanted:
        return
    folder.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    write = _find_write(_load(recipe, pack.slug), recipe)
    write(folder)
    stamp.write_text(wanted)


def _load(recipe: Path, slug: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"recipe_of_{slug}", recipe)
    if spec is None or spec.loader is None:
        raise ConfigurationError("The recipe cannot be loaded.", field="recipe.py", value=recipe)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _find_write(module: ModuleType, recipe: Path) -> Callable[[Path], None]:
    write = getattr(module, "write", None)
    if not callable(write):
        raise ConfigurationError("A recipe has a function write(out).", field="recipe.py", value=recipe)
    return write  # type: ignore[no-any-return]


def _fingerprint(pack_path: Path) -> str:
    """Of everything a recipe may read: its code, the pack's tables and data."""
    digest = hashlib.sha256()
    for file in sorted(pack_path.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            digest.update(str(file.relative_to(pack_path)).encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
