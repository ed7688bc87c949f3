"""The door against real servers: what it brings back, and which faults it names."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loopback import AGENT, TLS, Names, Request, fault, head, limits, redirects, reply, run, serve

from pipeline.errors import IngestError, Rejected, TryLater
from pipeline.http import Door, Limits
from pipeline.records import Hop


def test_a_page_carries_the_whole_answer() -> None:
    async def story() -> None:
        answer = reply("жыта".encode(), 404, {"Content-Type": "text/html", "ETag": '"1"'})
        async with serve(answer) as server, Door(limits()) as door:
            before = datetime.now(UTC)
            page = await door.fetch(f"{server.url}/a#part")
        assert (page.status, page.body.decode()) == (404, "жыта")
        assert page.url == f"{server.url}/a#part"
        assert page.final_url == f"{server.url}/a"
        assert page.headers["etag"] == '"1"'
        assert page.hops == ()
        assert before <= page.fetched <= datetime.now(UTC)
        assert page.elapsed_ms >= 0
        (request,) = server.requests
        assert request.target == "/a"
        assert request.headers["user-agent"] == AGENT
        assert "text/html" in request.headers["accept"]
        assert request.headers["accept-encoding"] == "gzip, deflate, br, zstd"
        assert "cookie" not in request.headers
        assert "referer" not in request.headers

    run(story())


def test_conditional_headers_are_sent_and_a_304_comes_back() -> None:
    async def story() -> None:
        async with serve(reply(status=304)) as server, Door(limits()) as door:
            page = await door.fetch(server.url, headers={"If-None-Match": '"1"'})
        assert page.status == 304
        assert page.body == b""
        assert server.requests[0].headers["if-none-match"] == '"1"'

    run(story())


def test_headers_that_are_no_utf_8_can_be_stored_and_are_not_echoed() -> None:
    async def story() -> None:
        answer = reply(
            b"ok", 200, {"ETag": '"caf\xe9"', "X-Title": "жыта".encode().decode("latin-1")}
        )
        async with serve(answer) as server, Door(limits()) as door:
            page = await door.fetch(server.url)
            assert page.headers["etag"] == '"café"'
            assert page.headers["x-title"] == "жыта"
            again = await door.fetch(server.url, headers={"If-None-Match": page.headers["etag"]})
        assert again.status == 200
        assert "if-none-match" not in server.requests[1].headers

    run(story())


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\x00"])
def test_a_header_that_would_break_the_request_is_left_out(value: str) -> None:
    async def story() -> None:
        async with serve(reply(b"ok")) as server, Door(limits()) as door:
            page = await door.fetch(server.url, headers={"If-None-Match": value})
        assert page.body == b"ok"
        assert "x-evil" not in server.requests[0].headers

    run(story())


def test_repeated_headers_are_joined() -> None:
    async def story() -> None:
        async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
            writer.write(
                b"HTTP/1.1 200 OK\r\nLink: <a>; rel=hub\r\nLINK: <b>; rel=self\r\n"
                b"Content-Length: 0\r\n\r\n"
            )

        async with serve(answer) as server, Door(limits()) as door:
            page = await door.fetch(server.url)
        assert page.headers["link"] == "<a>; rel=hub, <b>; rel=self"

    run(story())


def test_the_url_is_sent_exactly_as_the_url_standard_writes_it() -> None:
    async def story() -> None:
        async with serve(reply()) as server, Door(limits()) as door:
            await door.fetch(f"{server.url}/жыта/%2Fa%20b?x=%41+'b'&y=a|b&z=%zz")
        target = "/%D0%B6%D1%8B%D1%82%D0%B0/%2Fa%20b?x=%41+%27b%27&y=a|b&z=%zz"
        assert server.requests[0].target == target

    run(story())


def test_redirects_are_followed_and_recorded() -> None:
    async def story() -> None:
        targets = {"/1": "/2", "/2": "3?q=1#part"}
        async with serve(redirects(targets)) as server, Door(limits()) as door:
            page = await door.fetch(f"{server.url}/1")
        assert page.body == b"arrived"
        assert page.final_url == f"{server.url}/3?q=1"
        assert page.hops == (Hop(f"{server.url}/1", 302), Hop(f"{server.url}/2", 302))

    run(story())


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_every_kind_of_redirect_is_followed(status: int) -> None:
    async def story() -> None:
        async with serve(redirects({"/1": "/2"}, status=status)) as server, Door(limits()) as door:
            page = await door.fetch(f"{server.url}/1")
        assert page.final_url.endswith("/2")
        assert [request.method for request in server.requests] == ["GET", "GET"]

    run(story())


def test_a_redirect_without_a_target_is_the_answer() -> None:
    async def story() -> None:
        async with serve(reply(b"moved", 302)) as server, Door(limits()) as door:
            page = await door.fetch(server.url)
        assert (page.status, page.body, page.hops) == (302, b"moved", ())

    run(story())


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/жыта".encode().decode("latin-1"), "/%D0%B6%D1%8B%D1%82%D0%B0"),
        ("/caf\xe9", "/caf%E9"),
        ("/a b", "/a%20b"),
        ("\\a", "/a"),
        ("?q=1", "/1?q=1"),
    ],
)
def test_sloppy_redirect_targets_are_understood(location: str, target: str) -> None:
    async def story() -> None:
        async with serve(redirects({"/1": location})) as server, Door(limits()) as door:
            await door.fetch(f"{server.url}/1")
        assert server.requests[-1].target == target

    run(story())


def test_one_request_can_be_made_whose_redirect_is_the_answer() -> None:
    async def story() -> None:
        targets = {"/1": "/2", "/2": "http://elsewhere.test/3"}
        async with serve(redirects(targets)) as server, Door(limits()) as door:
            first = await door.ask(f"{server.url}/1")
            second = await door.ask(f"{server.url}/2")
            third = await door.ask(f"{server.url}/4")
        assert (first.page.status, first.target) == (302, f"{server.url}/2")
        assert second.target == "http://elsewhere.test/3"
        assert (third.page.status, third.page.body, third.target) == (200, b"arrived", None)
        assert [reply.page.hops for reply in (first, second, third)] == [(), (), ()]
        assert len(server.requests) == 3

    run(story())


def test_a_body_is_cut_where_the_caller_has_enough() -> None:
    async def story() -> None:
        async with serve(reply(b"x" * 300_000)) as server, Door(limits(max_bytes=1_000)) as door:
            page = (await door.ask(server.url, cut_at=2_000)).page
        assert page.body == b"x" * 2_000

    run(story())


def test_ready_is_called_when_the_connection_stands_and_nothing_is_sent() -> None:
    async def story() -> None:
        seen: list[tuple[int, int]] = []
        async with serve(reply(b"x")) as server, Door(limits()) as door:

            async def ready() -> None:
                await asyncio.sleep(0.1)
                seen.append((server.connections, len(server.requests)))

            await door.ask(server.url, ready=ready)
            assert len(server.requests) == 1
        assert seen == [(1, 0)]

    run(story())


def test_a_deadline_of_ones_own_is_kept_also_while_getting_ready() -> None:
    async def story() -> None:
        async with serve(reply(b"x")) as server, Door(limits()) as door:
            with pytest.raises(TryLater) as error:
                await door.ask(server.url, timeout_s=0.2, ready=lambda: asyncio.sleep(30))
            assert error.value.reason == "timeout"
            assert server.requests == []

    run(story())


def test_ten_redirects_are_followed_and_eleven_are_not() -> None:
    async def story() -> None:
        targets = {f"/{n}": f"/{n + 1}" for n in range(11)}
        async with serve(redirects(targets)) as server, Door(limits()) as door:
            page = await door.fetch(f"{server.url}/1")
            assert len(page.hops) == 10
            error = await fault(door, f"{server.url}/0")
        assert isinstance(error, Rejected)
        assert error.reason == "too many redirects"
        assert len(server.requests) == 11 + 11

    run(story())


@pytest.mark.parametrize("targets", [{"/1": "/1"}, {"/1": "/2", "/2": "/1"}, {"/1": "#again"}])
def test_a_redirect_loop_is_seen_at_once(targets: dict[str, str]) -> None:
    async def story() -> None:
        async with serve(redirects(targets)) as server, Door(limits()) as door:
            error = await fault(door, f"{server.url}/1")
        assert isinstance(error, Rejected)
        assert error.reason == "redirect loop"
        assert len(server.requests) == len(targets)

    run(story())


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("ftp://127.0.0.1/a", "not an http(s) URL"),
        ("file:///etc/passwd", "not an http(s) URL"),
        ("javascript:alert(1)", "not an http(s) URL"),
        ("http://user:secret@127.0.0.1/", "credentials in URL"),
        ("http://[fe80::1%25eth0]/", "invalid URL"),
        ("http://", "invalid URL"),
    ],
)
def test_a_redirect_to_what_is_not_ours_to_fetch_is_rejected(location: str, reason: str) -> None:
    async def story() -> None:
        async with serve(redirects({"/1": location})) as server, Door(limits()) as door:
            error = await fault(door, f"{server.url}/1")
        assert isinstance(error, Rejected)
        assert error.reason == reason
        assert "secret" not in str(error)

    run(story())


def test_secrets_do_not_follow_a_redirect_to_another_host() -> None:
    async def story() -> None:
        targets = {"/1": "/2"}
        async with (
            serve(reply(b"other")) as other,
            serve(redirects(targets)) as server,
            Door(limits()) as door,
        ):
            targets["/2"] = f"{other.url}/3"
            headers = {"Authorization": "Bearer x", "If-None-Match": '"1"'}
            await door.fetch(f"{server.url}/1", headers=headers)
        assert [r.headers.get("authorization") for r in server.requests] == ["Bearer x"] * 2
        assert "authorization" not in other.requests[0].headers
        assert other.requests[0].headers["if-none-match"] == '"1"'

    run(story())


def test_cookies_are_never_kept() -> None:
    async def story() -> None:
        answer = reply(b"", 302, {"Set-Cookie": "id=1; Path=/", "Location": "/2"})
        async with serve(answer) as server, Door(limits()) as door:
            await fault(door, f"{server.url}/1")
            await fault(door, f"{server.url}/1")
        assert all("cookie" not in request.headers for request in server.requests)

    run(story())


@pytest.mark.parametrize(
    "kind", ["video/mp4", "Image/PNG", "audio/mpeg", "application/pdf; charset=x", "font/woff2"]
)
def test_a_body_that_is_no_text_is_left_unread(kind: str) -> None:
    async def story() -> None:
        async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
            writer.write(head(200, {"Content-Type": kind, "Content-Length": "50000000"}))
            await writer.drain()
            await asyncio.sleep(30)

        async with serve(answer) as server, Door(limits()) as door:
            page = await door.fetch(server.url)
        assert (page.status, page.body) == (200, b"")

    run(story())


# ---------------------------------------------------------------------------------------- faults


def test_a_server_that_never_answers_ends_in_a_timeout() -> None:
    async def story() -> None:
        async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(30)

        async with serve(answer) as server, Door(limits(timeout_s=0.3)) as door:
            error = await fault(door, server.url)
        assert isinstance(error, TryLater)
        assert error.reason == "timeout"

    run(story())


@pytest.mark.parametrize("where", ["headers", "body"])
def test_a_trickling_server_cannot_outlast_the_deadline(where: str) -> None:
    async def story() -> None:
        async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
            if where == "body":
                writer.write(head(200, {"Content-Length": "1000000"}))
            else:
                writer.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.02)

        async with serve(answer) as server, Door(limits(timeout_s=0.5)) as door:
            error = await fault(door, server.url)
        assert isinstance(error, TryLater)
        assert error.reason == "timeout"

    run(story())


def test_the_deadline_holds_over_all_redirects_together() -> None:
    async def story() -> None:
        async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(0.1)
            writer.write(head(302, {"Location": f"{request.target}x", "Content-Length": "0"}))

        async with serve(answer) as server, Door(limits(timeout_s=0.8)) as door:
            error = await fault(door, f"{server.url}/")
        assert error.reason == "timeout"
        assert len(server.requests) > 1

    run(story())


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\nContent-"])
def test_a_broken_connection_is_one_request_and_a_connection_fault(sent: bytes) -> None:
    async def story() -> None:
        async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
            writer.write(sent)
            await writer.drain()
            writer.transport.abort()

        async with serve(answer) as server, Door(limits()) as door:
            error = await fault(door, server.url)
        assert isinstance(error, TryLater)
        assert error.reason == "connection failed"
        assert len(server.requests) == 1

    run(story())


def test_nobody_listening_is_a_connection_fault() -> None:
    async def story() -> None:
        async with serve(reply()) as server:
            url = server.url
        async with Door(limits()) as door:
            error = await fault(door, url)
        assert isinstance(error, TryLater)
        assert error.reason == "connection failed"

    run(story())


@pytest.mark.parametrize(
    "sent",
    [
        head(200, {"Content-Length": "100"}) + b"too short",
        head(200, {"Transfer-Encoding": "chunked"}) + b"5\r\nhello\r\nnot a size\r\n",
        head(200, {"Transfer-Encoding": "chunked"}) + b"ff\r\nhello",
        head(200, {"Content-Encoding": "gzip", "Content-Length": "4"}) + b"text",
    ],
)
def test_a_body_cut_short_or_garbled_is_not_taken_for_a_page(sent: bytes) -> None:
    async def story() -> None:
        async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
            writer.write(sent)

        async with serve(answer) as server, Door(limits()) as door:
            error = await fault(door, server.url)
        assert isinstance(error, TryLater)
        # A fault in the first packet may be met while the head is still being read.
        assert error.reason in ("broken body", "broken answer")

    run(story())


@pytest.mark.parametrize(
    "sent", [b"SSH-2.0-OpenSSH_9.6\r\n", b"\x16\x03\x01\x02\x00", b"220 ftp\r\n\r\n"]
)
def test_a_server_of_another_protocol_is_a_broken_answer(sent: bytes) -> None:
    async def story() -> None:
        async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
            writer.write(sent)

        async with serve(answer) as server, Door(limits()) as door:
            error = await fault(door, server.url)
        assert isinstance(error, TryLater)
        assert error.reason in ("broken answer", "connection failed")

    run(story())


@pytest.mark.parametrize(("size", "reason"), [(30_000, None), (200_000, "broken answer")])
def test_large_headers_are_read_and_endless_ones_refused(size: int, reason: str | None) -> None:
    async def story() -> None:
        answer = reply(b"ok", 200, {"Content-Security-Policy": "x" * size})
        async with serve(answer) as server, Door(limits()) as door:
            if reason is None:
                assert (await door.fetch(server.url)).body == b"ok"
            else:
                assert (await fault(door, server.url)).reason == reason

    run(story())


def test_a_name_that_does_not_exist_is_a_dns_fault() -> None:
    async def story() -> None:
        async with Door(limits(), resolver=Names({})) as door:
            error = await fault(door, "http://nowhere.test/")
        assert isinstance(error, TryLater)
        assert error.reason == "dns failed"

    run(story())


@pytest.mark.parametrize("url", ["", "example.by", "ftp://example.by/", "http://u:p@example.by/"])
def test_what_is_no_fetchable_url_is_rejected_before_anything_is_asked(url: str) -> None:
    async def story() -> None:
        names = Names({})
        async with Door(limits(), resolver=names) as door:
            assert isinstance(await fault(door, url), Rejected)
        assert names.asked == []

    run(story())


def test_an_idn_host_is_looked_up_and_asked_in_its_ascii_form() -> None:
    async def story() -> None:
        names = Names({"xn--80ad3ai.xn--90ais": [["127.0.0.1"]]})
        async with serve(reply(b"ok")) as server, Door(limits(), resolver=names) as door:
            page = await door.fetch(f"http://мова.бел:{server.port}/")
        assert page.body == b"ok"
        assert server.requests[0].headers["host"] == f"xn--80ad3ai.xn--90ais:{server.port}"

    run(story())


def test_a_door_that_is_not_open_says_so() -> None:
    with pytest.raises(RuntimeError, match="async with"):
        run(Door(Limits(AGENT)).fetch("http://127.0.0.1/"))


# ------------------------------------------------------------------------------------------- TLS


def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize(
    ("certificate", "host", "trusted", "reason"),
    [
        ("secure.test.pem", "secure.test", True, None),
        ("secure.test.pem", "secure.test", False, "tls failed"),
        ("secure.test.pem", "other.test", True, "tls failed"),
        ("expired.test.pem", "expired.test", True, "tls failed"),
    ],
    ids=["trusted", "unknown issuer", "another name", "expired"],
)
def test_only_a_trusted_certificate_for_the_very_host_is_accepted(
    certificate: str, host: str, trusted: bool, reason: str | None
) -> None:
    async def story() -> None:
        tls = ssl.create_default_context(cafile=TLS / "ca.pem") if trusted else None
        names = Names({host: [["127.0.0.1"]]})
        async with (
            serve(reply(b"ok"), server_tls(TLS / certificate)) as server,
            Door(limits(), resolver=names, tls=tls) as door,
        ):
            url = f"https://{host}:{server.port}/"
            if reason is None:
                assert (await door.fetch(url)).body == b"ok"
            else:
                error = await fault(door, url)
                assert isinstance(error, TryLater)
                assert error.reason == reason
                assert server.requests == []

    run(story())


def test_https_asked_of_a_plain_http_server_is_a_tls_fault() -> None:
    async def story() -> None:
        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            writer.close()

        async with await asyncio.start_server(connected, "127.0.0.1", 0) as listening:
            port = listening.sockets[0].getsockname()[1]
            async with Door(limits()) as door:
                error = await fault(door, f"https://127.0.0.1:{port}/")
        assert isinstance(error, TryLater)
        assert error.reason == "tls failed"

    run(story())


# ------------------------------------------------------------------------------------------ POST


def test_a_post_is_sent_once_with_its_headers_and_body() -> None:
    async def story() -> None:
        answer = reply(b"", 307, {"Location": "/elsewhere"})
        async with serve(answer) as server, Door(limits()) as door:
            headers = {"Content-Type": "application/json", "webhook-id": "1"}
            page = await door.post(f"{server.url}/hook", b"{}", headers)
        assert page.status == 307
        (request,) = server.requests
        assert (request.method, request.target, request.body) == ("POST", "/hook", b"{}")
        assert request.headers["content-type"] == "application/json"
        assert request.headers["webhook-id"] == "1"

    run(story())


def test_a_post_that_cannot_be_sent_is_rejected() -> None:
    async def story() -> None:
        async with serve(reply()) as server, Door(limits()) as door:
            with pytest.raises(Rejected, match="invalid request"):
                await door.post(server.url, b"", {"webhook-id": "a\r\nX-Evil: 1"})
        assert server.requests == []

    run(story())


def test_a_receiver_that_answers_at_length_is_cut_short() -> None:
    async def story() -> None:
        async with serve(reply(b"x" * 1_000_000)) as server, Door(limits()) as door:
            page = await door.post(server.url, b"", {})
        assert page.status == 200
        assert len(page.body) == 65_536

    run(story())


def test_a_post_to_an_address_that_is_not_allowed_is_rejected() -> None:
    async def story() -> None:
        async with serve(reply()) as server, Door(Limits(AGENT)) as door:
            with pytest.raises(Rejected, match="address not allowed"):
                await door.post(server.url, b"", {})
        assert server.connections == 0

    run(story())


# ------------------------------------------------------------------------------------------ laws

NO_TLS = ssl.create_default_context()
"""Shared: loading the system's certificates is most of what opening a door costs."""

_pieces = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            b"HTTP/1.1 200 OK\r\n",
            b"HTTP/1.1 302 Found\r\n",
            b"HTTP/1.0 200\r\n",
            b"HTTP/2 200\r\n",
            b"Location: /next\r\n",
            b"Location: http://[\r\n",
            b"Content-Length: 5\r\n",
            b"Content-Length: -1\r\n",
            b"Content-Length: 99999999999999999999\r\n",
            b"Transfer-Encoding: chunked\r\n",
            b"Content-Encoding: gzip\r\n",
            b"Content-Encoding: br\r\n",
            b"Content-Encoding: zstd\r\n",
            b"Content-Encoding: deflate\r\n",
            b"Content-Type: \xff\xfe\r\n",
            b"Set-Cookie: =;;=\r\n",
            b" folded\r\n",
            b"\r\n",
            b"5\r\nhello\r\n0\r\n\r\n",
            b"\x1f\x8b\x08\x00",
            b"(\xb5/\xfd",
        ]
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_pieces, max_size=8))
def test_whatever_a_server_sends_ends_in_a_page_or_a_named_fault(pieces: list[bytes]) -> None:
    async def story() -> None:
        async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
            writer.write(b"".join(pieces))

        async with serve(answer) as server, Door(limits(timeout_s=5), tls=NO_TLS) as door:
            try:
                page = await door.fetch(server.url)
            except IngestError as error:
                assert error.reason
            else:
                assert 100 <= page.status <= 999

    run(story())


def test_a_cancelled_fetch_leaves_nothing_behind() -> None:
    async def story() -> None:
        async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(30)

        async with serve(answer) as server:
            async with Door(limits()) as door:
                before = asyncio.all_tasks()
                fetch = asyncio.create_task(door.fetch(server.url))
                while not server.requests:
                    await asyncio.sleep(0.01)
                fetch.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await fetch
                leftovers = asyncio.all_tasks() - before
            assert len(leftovers) <= 1, "only the server's own handler may still run"

    run(story())
