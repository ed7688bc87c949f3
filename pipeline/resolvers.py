"""From host names to the addresses that `pipeline.http` may connect to.

`PooledResolver` asks the operating system in threads of its own: the event loop's default pool has
a handful, which one dead name server would fill. `Guard` wraps a resolver and lets only allowed
addresses through (`pipeline.addresses`).
"""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult

from pipeline.addresses import forbidden
from pipeline.errors import Rejected
from pipeline.url_parts import is_ip

_THREADS = 64


class PooledResolver(AbstractResolver):
    """The system's resolver (hosts file, search domains and all), many look-ups at a time."""

    def __init__(self, threads: int = _THREADS) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="resolve")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """All addresses of a host. Raises `OSError` when there are none."""

        def look_up() -> list[ResolveResult]:
            infos = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
            return [
                ResolveResult(
                    hostname=host,
                    host=str(address[0]),
                    port=int(address[1]),
                    family=kind,
                    proto=proto,
                    flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
                )
                for kind, _, proto, _, address in infos
            ]

        return await asyncio.get_running_loop().run_in_executor(self._pool, look_up)

    async def close(self) -> None:
        """Stop taking look-ups; those under way end by themselves."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class Guard(AbstractResolver):
    """Gives the connector only addresses that it may connect to.

    The connector connects to exactly what this returns, so a name that changes its address
    between check and use (DNS rebinding) gains nothing. Raises `Rejected("address not allowed")`
    when a host has addresses but none is allowed.
    """

    def __init__(
        self, resolver: AbstractResolver, *, allow_private: bool, proxy: str | None = None
    ) -> None:
        self._resolver = resolver
        self._allow_private = allow_private
        self._proxy_host = urlsplit(proxy).hostname if proxy else None

    async def check(self, url: str) -> None:
        """Judge what the connector will not ask about: IP hosts, and targets behind a proxy.

        A proxy looks its target up again, out of our sight; what we see here must be allowed.
        """
        parts = urlsplit(url)
        host = parts.hostname or ""
        if is_ip(host):
            if forbidden(host, allow_private=self._allow_private):
                raise Rejected("address not allowed", host)
        elif self._proxy_host is not None:
            self._allowed(host, await self._resolver.resolve(host, parts.port or 0))

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The allowed addresses of a host; the proxy's own are taken as they are."""
        found = await self._resolver.resolve(host, port, family)
        return found if host == self._proxy_host else self._allowed(host, found)

    def _allowed(self, host: str, found: list[ResolveResult]) -> list[ResolveResult]:
        kept = [r for r in found if not forbidden(r["host"], allow_private=self._allow_private)]
        if found and not kept:
            raise Rejected("address not allowed", f"{host} is {found[0]['host']}")
        return kept

    async def close(self) -> None:
        """Close the resolver underneath."""
        await self._resolver.close()
