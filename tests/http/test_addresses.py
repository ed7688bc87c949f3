"""Which addresses the door connects to: by literal, by name, by redirect, through a proxy."""

from __future__ import annotations

import asyncio
import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import AGENT, Names, Request, fault, head, limits, redirects, reply, run, serve

from pipeline.addresses import forbidden
from pipeline.errors import Rejected, TryLater
from pipeline.http import Door, Limits
from pipeline.resolvers import Guard, PooledResolver

PUBLIC = ["1.1.1.1", "93.184.216.34", "100.63.255.255", "100.128.0.0", "172.15.255.255",
          "172.32.0.1", "169.253.1.1", "223.255.255.254", "2606:4700:4700::1111", "2a00:1450::1",
          "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]  # fmt: skip
PRIVATE = ["127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255",
           "192.168.1.1", "::1", "fc00::1", "fdff::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
           "64:ff9b::192.168.0.1", "::127.0.0.1",
           "::ffff:0:10.0.0.1", "2001:db80::5efe:10.0.0.1"]  # fmt: skip
NEVER = ["0.0.0.0", "0.1.2.3", "100.64.0.1", "100.127.255.255", "169.254.169.254", "192.0.0.1",
         "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1",
         "240.0.0.1", "255.255.255.255", "::", "fe80::1", "febf::1", "fec0::1", "ff02::1",
         "2001:db8::1", "100::1", "64:ff9b:1::1", "::ffff:169.254.169.254", "::ffff:0.0.0.0",
         "64:ff9b::100.64.0.1", "2002:a9fe:a9fe::1", "2002:808:808::1",
         "2002:7f00:1::1", "fe80::1%eth0", "2606:4700::1%1",
         "2001:0:4136:e378:8000:63bf:5601:5601", "no address", ""]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_allowed(address: str) -> None:
    assert not forbidden(address)
    assert not forbidden(address, allow_private=True)


@pytest.mark.parametrize("address", PRIVATE)
def test_loopback_and_private_addresses_are_allowed_only_on_request(address: str) -> None:
    assert forbidden(address)
    assert not forbidden(address, allow_private=True)


@pytest.mark.parametrize("address", NEVER)
def test_other_special_addresses_are_never_allowed(address: str) -> None:
    assert forbidden(address)
    assert forbidden(address, allow_private=True)


@given(st.ip_addresses())
def test_what_the_standard_library_calls_special_is_forbidden(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip.is_private:
        assert forbidden(str(ip))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_in_ipv6_clothes_is_judged_as_itself(ip: ipaddress.IPv4Address) -> None:
    for wrapped in (f"::ffff:{ip}", f"64:ff9b::{ip}", f"::ffff:0:{ip}"):
        assert forbidden(wrapped) == forbidden(str(ip))


LOOPBACK_LITERALS = ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.0x1",
                     "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]",
                     "１２７.0.0.1", "127.0.0.1."]  # fmt: skip


@pytest.mark.parametrize("host", LOOPBACK_LITERALS)
def test_no_spelling_of_loopback_gets_through(host: str) -> None:
    async def story() -> None:
        async with serve(reply(b"secret")) as server, Door(Limits(AGENT)) as door:
            error = await fault(door, f"http://{host}:{server.port}/")
        assert isinstance(error, Rejected)
        assert error.reason == "address not allowed"
        assert server.connections == 0

    run(story())


def test_localhost_by_name_does_not_get_through() -> None:
    async def story() -> None:
        async with serve(reply(b"secret")) as server, Door(Limits(AGENT)) as door:
            error = await fault(door, f"http://localhost:{server.port}/")
        assert isinstance(error, Rejected)
        assert error.reason == "address not allowed"
        assert server.connections == 0

    run(story())


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://0xa9fea9fe/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://0.0.0.0:{port}/",
        "http://0:{port}/",
        "http://metadata.test/",
        "//metadata.test/",
    ],
)
def test_a_redirect_to_an_address_that_is_not_allowed_is_rejected(location: str) -> None:
    async def story() -> None:
        names = Names({"metadata.test": [["169.254.169.254"]]})
        targets: dict[str, str] = {}
        async with serve(redirects(targets)) as server, Door(limits(), resolver=names) as door:
            targets["/1"] = location.format(port=server.port)
            error = await fault(door, f"{server.url}/1")
        assert isinstance(error, Rejected)
        assert error.reason == "address not allowed"
        assert len(server.requests) == 1

    run(story())


def test_of_several_addresses_only_the_allowed_are_tried() -> None:
    async def story() -> None:
        names = Names({"mixed.test": [["169.254.169.254", "0.0.0.0", "127.0.0.1"]]})
        async with serve(reply(b"ok")) as server, Door(limits(), resolver=names) as door:
            page = await door.fetch(f"http://mixed.test:{server.port}/")
        assert page.body == b"ok"

    run(story())


def test_a_name_that_moves_to_loopback_after_the_check_gains_nothing() -> None:
    """DNS rebinding: every connection goes to an address of the very look-up that was judged."""

    async def story() -> None:
        names = Names({"rebind.test": [["169.254.169.254"], ["127.0.0.1"], ["127.0.0.1"]]})
        async with (
            serve(reply(b"secret")) as server,
            Door(Limits(AGENT, dns_cache_s=0), resolver=names) as door,
        ):
            for _ in range(3):
                error = await fault(door, f"http://rebind.test:{server.port}/")
                assert error.reason == "address not allowed"
        assert server.connections == 0
        assert names.asked == ["rebind.test"] * 3

    run(story())


def test_the_guard_passes_on_what_it_has_judged_and_nothing_else() -> None:
    async def story() -> None:
        names = Names({"flip.test": [["93.184.216.34", "10.0.0.1"], ["10.0.0.1"]]})
        guard = Guard(names, allow_private=False)
        assert [found["host"] for found in await guard.resolve("flip.test", 80)] == [
            "93.184.216.34"
        ]
        with pytest.raises(Rejected, match="address not allowed"):
            await guard.resolve("flip.test", 80)

    run(story())


def test_the_systems_resolver_finds_localhost_and_reports_unknown_names() -> None:
    async def story() -> None:
        resolver = PooledResolver(threads=2)
        try:
            found = await resolver.resolve("localhost", 80)
            assert {answer["host"] for answer in found} <= {"127.0.0.1", "::1"}
            assert all(answer["port"] == 80 for answer in found)
            with pytest.raises(OSError, match=r".+"):
                await resolver.resolve("name.invalid", 80)
        finally:
            await resolver.close()

    run(story())


# ----------------------------------------------------------------------------------------- proxy


async def as_proxy(request: Request, writer: asyncio.StreamWriter) -> None:
    body = f"proxied {request.target}".encode()
    writer.write(head(200, {"Content-Length": str(len(body))}) + body)


def test_requests_go_through_the_proxy_with_the_whole_url() -> None:
    async def story() -> None:
        names = Names({"outlet.test": [["93.184.216.34"]]})
        async with (
            serve(as_proxy) as proxy,
            Door(Limits(AGENT, proxy=proxy.url), resolver=names) as door,
        ):
            page = await door.fetch("http://outlet.test/a?b=1")
        assert page.body == b"proxied http://outlet.test/a?b=1"

    run(story())


@pytest.mark.parametrize("host", ["inside.test", "127.0.0.1", "[::1]", "169.254.169.254"])
def test_a_proxy_is_not_asked_for_what_the_door_would_not_fetch(host: str) -> None:
    async def story() -> None:
        names = Names({"inside.test": [["10.0.0.1"]]})
        async with (
            serve(as_proxy) as proxy,
            Door(Limits(AGENT, proxy=proxy.url), resolver=names) as door,
        ):
            error = await fault(door, f"http://{host}/")
        assert isinstance(error, Rejected)
        assert error.reason == "address not allowed"
        assert proxy.requests == []

    run(story())


def test_a_proxy_named_by_a_private_host_is_trusted_but_no_target_is() -> None:
    async def story() -> None:
        names = Names({"outlet.test": [["93.184.216.34"]], "proxy.test": [["127.0.0.1"]]})
        async with serve(as_proxy) as proxy:
            through = f"http://proxy.test:{proxy.port}"
            async with Door(Limits(AGENT, proxy=through), resolver=names) as door:
                assert (await door.fetch("http://outlet.test/")).status == 200
                error = await fault(door, f"http://proxy.test:{proxy.port}/")
        assert error.reason == "address not allowed"

    run(story())


@pytest.mark.parametrize("url", ["https://outlet.test/", "http://outlet.test/"])
def test_a_proxy_that_is_down_is_its_own_fault(url: str) -> None:
    async def story() -> None:
        names = Names({"outlet.test": [["93.184.216.34"]]})
        async with serve(reply()) as gone:
            proxy = gone.url
        async with Door(Limits(AGENT, proxy=proxy), resolver=names) as door:
            error = await fault(door, url)
        assert isinstance(error, TryLater)
        assert error.reason == "proxy failed"

    run(story())


def test_a_proxy_that_refuses_a_tunnel_is_its_own_fault() -> None:
    async def story() -> None:
        names = Names({"outlet.test": [["93.184.216.34"]]})
        async with (
            serve(reply(status=403)) as proxy,
            Door(Limits(AGENT, proxy=proxy.url), resolver=names) as door,
        ):
            error = await fault(door, "https://outlet.test/")
        assert isinstance(error, TryLater)
        assert error.reason == "proxy failed"
        assert proxy.requests[0].method == "CONNECT"

    run(story())
