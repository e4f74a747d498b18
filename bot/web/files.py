"""Files by signed link: pictures are shown, everything else is saved; nothing in them can run here."""

from collections.abc import Callable
from datetime import datetime
from mimetypes import guess_type
from urllib.parse import quote

from aiohttp import web

from bot.domain.links import BadLink, ExpiredLink
from bot.domain.world import World
from bot.storage import files
from bot.storage.engine import Database
from bot.storage.vault import Vault

SHOWN = ("image/jpeg", "image/png", "image/gif", "image/webp")
SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, max-age=3600",
}


def mount(app: web.Application, db: Database, world: World, vault: Vault, now: Callable[[], datetime]) -> None:
    """Add the address of files to the application, where there is a public address."""

    async def show(request: web.Request) -> web.StreamResponse:
        if world.links is None:
            raise web.HTTPNotFound
        try:
            kind, fields = world.links.read(request.match_info["token"], now())
        except ExpiredLink:
            raise web.HTTPGone(text="链接过期了，请再查一次历史，要一个新的。") from None
        except BadLink:
            raise web.HTTPNotFound(text="链接打不开，可能是复制时少了几个字。") from None
        if kind != "files":
            raise web.HTTPNotFound
        async with db.read() as tx:
            row = await files.get(tx, int(fields[0]))
        if row is None or row.state != "stored" or not vault.path(row.sha256).is_file():
            raise web.HTTPNotFound(text="文件已经不在了。")
        kind = guess_type(row.name)[0] or "application/octet-stream"
        way = "inline" if kind in SHOWN else "attachment"
        name = f"{way}; filename*=UTF-8''{quote(row.name)}"
        return web.FileResponse(
            vault.path(row.sha256), headers={**SAFE, "Content-Type": kind, "Content-Disposition": name}
        )

    if world.links is not None:
        app.router.add_get("/files/{token}", show)
