"""What never changes under its address: style sheets, scripts and fonts, all from this package."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.errors import NotFoundError

router = APIRouter(include_in_schema=False)

MEDIA_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
    "txt": "text/plain; charset=utf-8",
    "webmanifest": "application/manifest+json",
}
_UNPACKED: Final = {"woff2"}
_FOR_EVER: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent."""

    media_type: str
    body: bytes
    packed: bytes | None


@dataclass(frozen=True, slots=True)
class Assets:
    """All files, and what their addresses begin with: another as soon as a single byte differs."""

    version: str
    files: dict[str, Asset]


@cache
def assets() -> Assets:
    """Read all files once."""
    found = dict(sorted(_walk(files("app.web").joinpath("static"), "")))
    version = blake2b(digest_size=8)
    for path, asset in found.items():
        version.update(path.encode() + b"\0" + asset.body)
    return Assets(version.hexdigest(), found)


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, Asset]]:
    found = []
    for entry in folder.iterdir():
        path = prefix + entry.name
        if entry.is_dir():
            found += _walk(entry, f"{path}/")
        elif (kind := entry.name.rpartition(".")[2]) in MEDIA_TYPES:
            body = entry.read_bytes()
            packed = None if kind in _UNPACKED else gzip.compress(body, mtime=0)
            found.append((path, Asset(MEDIA_TYPES[kind], body, packed)))
    return found


def address(path: str) -> str:
    """Return where a file is served; KeyError where there is none of that name."""
    known = assets()
    known.files[path]
    return f"/static/{known.version}/{path}"


@router.get("/static/{version}/{path:path}")
async def serve(request: Request, version: str, path: str) -> Response:
    """Send a file; under the address of an earlier release it is today's, and not kept."""
    known = assets()
    asset = known.files.get(path)
    if asset is None:
        raise NotFoundError
    headers = {"cache-control": _FOR_EVER if version == known.version else "no-cache", "vary": "Accept-Encoding"}
    if asset.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.packed, headers={**headers, "content-encoding": "gzip"}, media_type=asset.media_type)
    return Response(asset.body, headers=headers, media_type=asset.media_type)
