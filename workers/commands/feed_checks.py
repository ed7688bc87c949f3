"""`feeds add`, `feeds check`, `feeds discover`: the commands that try feeds over the network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.progress import Progress

from pipeline import urls
from pipeline.errors import Rejected
from pipeline.feeds import feedfile, sources
from pipeline.feeds.sources import FeedSource
from pipeline.store import feed_moves, feeds
from workers.console import AsJson, ago, context_of, err, out, print_json, table
from workers.context import Context, utc_now
from workers.feed_probe import Found, Probe, Prober, probe_all, search


def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="A feed's address, or a site's to see its feeds.")],
    title: Annotated[str | None, typer.Option(help="What to call it; else its own title.")] = None,
    language: Annotated[str | None, typer.Option(help="BCP 47, e.g. be; a hint only.")] = None,
    country: Annotated[str | None, typer.Option(help="ISO 3166, e.g. BY.")] = None,
    kind: Annotated[str | None, typer.Option(help="Any word to filter by.")] = None,
    zone: Annotated[str | None, typer.Option(help="The newsroom's, e.g. Europe/Minsk.")] = None,
    unchecked: Annotated[
        bool, typer.Option("--unchecked", help="Add it without trying it first.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Try a feed and add it to config/feeds.yml. Given a site, list the feeds to choose from.

    Example: `wirewatch feeds add https://example.org/rss --language be --zone Europe/Minsk`
    """
    world = context_of(context)
    address = _address(url)
    _refuse_known(world, address)
    probe = Probe(address)
    if not unchecked:
        with _progress("trying") as told:
            probe, choices = asyncio.run(_try(world, address, zone, told))
        if probe.is_page:
            _offer(address, choices, as_json)
            raise typer.Exit(1)
        if probe.problem:
            _refuse(f"not added: {address}: {_problem(probe)}", as_json, probe)
        if probe.moved_to:
            _refuse_known(world, probe.moved_to)
    source = FeedSource(
        url=probe.moved_to or address,
        title=title or probe.title or "",
        language=language,
        country=country,
        kind=kind,
        zone=zone,
    )
    feedfile.add(list_file(world), [source])
    save_list(world)
    if as_json:
        print_json({"added": asdict(source), "checked": None if unchecked else _plain(probe)})
        return
    if probe.moved_to:
        out.print(f"{address} has moved for good: its new address is listed", markup=False)
    out.print(f"added to {list_file(world)}:\n{feedfile.entry_text(source)}", markup=False, end="")
    if not unchecked:
        out.print(_summary(probe), markup=False)


def check(
    context: typer.Context,
    url: Annotated[list[str] | None, typer.Argument(help="Only these of the listed feeds.")] = None,
    as_json: AsJson = False,
) -> None:
    """Poll every feed once without storing anything, and show how each fares.

    Exits with 1 when any of them is no feed to poll. Example: `wirewatch feeds check`
    """
    world = context_of(context)
    chosen = [source for source in listed(world) if source.enabled]
    if url:
        keys = {urls.key(_address(each)): each for each in url}
        chosen = [source for source in listed(world) if urls.key(source.url) in keys]
        strange = keys.keys() - {urls.key(source.url) for source in chosen}
        if strange:
            raise typer.BadParameter("not listed: " + ", ".join(keys[key] for key in strange))
    with world.database.read() as connection:
        moved = feed_moves.addresses(connection)
    addresses = [(moved.get(source.url, source.url), source.zone) for source in chosen]
    with _progress("checking") as told:
        probes = asyncio.run(_probe(world, addresses, told))
    bad = sum(probe.problem is not None for probe in probes)
    if as_json:
        print_json(
            [
                {"listed": source.url, **_plain(probe)}
                for source, probe in zip(chosen, probes, strict=True)
            ]
        )
    else:
        out.print(_health(chosen, probes))
        out.print(f"{len(probes)} checked: {len(probes) - bad} fine, {bad} not")
    raise typer.Exit(1 if bad else 0)


def discover(
    context: typer.Context,
    site: Annotated[str, typer.Argument(help="A page of the site; https:// may be left out.")],
    as_json: AsJson = False,
) -> None:
    """Look for the feeds of a site: link tags, sitemaps in robots.txt, the usual addresses.

    Each is fetched and read before it is listed. Example: `wirewatch feeds discover example.org`
    """
    world = context_of(context)
    address = _address(site)
    with _progress("looking") as told:
        probe, found = asyncio.run(_try(world, address, None, told))
    if probe.problem is None:
        if as_json:
            print_json({"site": address, "problem": None, "feeds": [_plain(probe)]})
        else:
            out.print(f"{address} is a feed itself: {_summary(probe)}", markup=False)
        return
    if not probe.is_page:
        _refuse(f"{address}: {_problem(probe)}", as_json, probe)
    _offer(address, found, as_json)
    raise typer.Exit(0 if found else 1)


# -- the list ----------------------------------------------------------------------------------


def list_file(world: Context) -> Path:
    """The user's list."""
    return world.directory / "config/feeds.yml"


def listed(world: Context) -> tuple[FeedSource, ...]:
    """The list as it is on disk now. Raises ConfigError."""
    return sources.load(list_file(world))


def save_list(world: Context) -> None:
    """Bring the database up to the list just edited: the daemon need not be running."""
    with world.database.write() as tx:
        feeds.sync(tx, listed(world), utc_now())


def _refuse_known(world: Context, address: str) -> None:
    """Exit with 1 when a feed is listed already, under whichever of its addresses."""
    with world.database.read() as connection:
        moved = feed_moves.addresses(connection)
    key = urls.key(address)
    for source in listed(world):
        present = moved.get(source.url, source.url)
        if key in (urls.key(source.url), urls.key(present)):
            off = "" if source.enabled else " (enabled: false)"
            err.print(f"not added: already listed as {source.url}{off}", markup=False)
            raise typer.Exit(1)


# -- the network -------------------------------------------------------------------------------

Told = Callable[[int, int], None]


async def _try(
    world: Context, address: str, zone: str | None, told: Told
) -> tuple[Probe, list[Found]]:
    """One address; when it is a web page, the feeds of its site too."""
    async with Prober(world) as prober:
        probe = await prober.probe(address, zone)
        if probe.page is None or not probe.is_page:
            return probe, []
        return probe, await search(prober, probe.page, told)


async def _probe(
    world: Context, addresses: list[tuple[str, str | None]], told: Told
) -> list[Probe]:
    async with Prober(world) as prober:
        return await probe_all(prober, addresses, told)


@contextmanager
def _progress(what: str) -> Iterator[Told]:
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


# -- showing it --------------------------------------------------------------------------------


def _offer(address: str, found: list[Found], as_json: bool) -> None:
    """The feeds of a site, to choose from."""
    if as_json:
        feeds_found = [{"source": each.candidate.source, **_plain(each.probe)} for each in found]
        print_json({"site": address, "problem": None, "feeds": feeds_found})
        return
    if not found:
        err.print(f"no feeds found on {address}", markup=False)
        return
    cells = [
        (
            each.candidate.source,
            each.probe.format,
            each.probe.entries,
            ago(each.probe.newest),
            escape(each.candidate.title or each.probe.title or ""),
            escape(each.probe.moved_to or each.probe.url),
        )
        for each in found
    ]
    out.print(table(["by", "format", "entries", "newest", "title", "feed"], cells))
    out.print("Add one with `wirewatch feeds add URL`.")


def _refuse(message: str, as_json: bool, probe: Probe) -> None:
    """Say why an address is no feed, and exit with 1."""
    err.print(message, markup=False)
    if as_json:
        print_json({"added": None, "feeds": [], **_plain(probe)})
    raise typer.Exit(1)


def _health(chosen: list[FeedSource], probes: list[Probe]) -> Any:
    rows = sorted(zip(probes, chosen, strict=True), key=lambda pair: pair[0].problem is None)
    cells = [
        (
            "ok" if probe.problem is None else "[red]bad[/red]",
            probe.status,
            probe.format,
            probe.entries,
            ago(probe.newest),
            f"{probe.ms} ms" if probe.status else "",
            escape(probe.problem or (f"moved to {probe.moved_to}" if probe.moved_to else "")),
            escape(source.title),
        )
        for probe, source in rows
    ]
    columns = ["", "http", "format", "entries", "newest", "took", "why", "feed"]
    return table(columns, cells)


def _problem(probe: Probe) -> str:
    return f"{probe.problem}: {probe.detail}" if probe.detail else str(probe.problem)


def _summary(probe: Probe) -> str:
    newest = f", the newest {ago(probe.newest)}" if probe.newest else ""
    language = f", declared as {probe.language}" if probe.language else ""
    entries = "1 entry" if probe.entries == 1 else f"{probe.entries} entries"
    return f"{probe.format}, {entries}{newest}{language}"


def _plain(probe: Probe) -> dict[str, Any]:
    """A probe for programs: without the page itself."""
    left_out = ("page", "body_hash")
    return {f.name: getattr(probe, f.name) for f in fields(probe) if f.name not in left_out}


def _address(given: str) -> str:
    """The http(s) URL meant; `https://` may be left out. Raises typer.BadParameter."""
    try:
        return urls.parse_http(given if "://" in given else f"https://{given}")
    except Rejected as error:
        raise typer.BadParameter(f"{given!r}: {error}") from error
