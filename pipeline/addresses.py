"""Which IP addresses the door may connect to.

A URL comes from strangers, so it must not lead into our own network. `forbidden` judges one
address; IPv4 addresses that travel inside IPv6 ones are unwrapped and judged themselves. Ranges:
IANA IPv4 and IPv6 Special-Purpose Address Registries, RFC 6890 and its updates.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address

_V4_LOOPBACK_PRIVATE = [
    ipaddress.IPv4Network(net)
    for net in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
]
_V6_LOOPBACK_PRIVATE = [ipaddress.IPv6Network(net) for net in ("::1/128", "fc00::/7")]

_V4_NEVER = [
    ipaddress.IPv4Network(net)
    for net in (
        "0.0.0.0/8",  # this network
        "100.64.0.0/10",  # carrier-grade NAT
        "169.254.0.0/16",  # link-local: cloud metadata services
        "192.0.0.0/24",  # IETF protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relay anycast
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
]
_V6_NEVER = [
    ipaddress.IPv6Network(net)
    for net in (
        "::/128",  # unspecified
        "64:ff9b:1::/48",  # local-use NAT64: where the IPv4 address lies is a local matter
        "100::/64",  # discard
        "2001::/23",  # IETF protocol assignments (Teredo, inside it, is unwrapped before)
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, given up by RFC 7526: it leads to relays, or to an IPv4 inside
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fe80::/10",  # link-local
        "fec0::/10",  # site-local
        "ff00::/8",  # multicast
    )
]

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_TRANSLATED = ipaddress.IPv6Network("::ffff:0:0:0/96")  # SIIT, RFC 7915
_COMPATIBLE = ipaddress.IPv6Network("::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214: upper half of the interface id


@lru_cache(maxsize=16_384)
def forbidden(address: str, *, allow_private: bool = False) -> bool:
    """Whether the door must not connect to this IP address.

    `allow_private` lifts the ban on loopback and private networks, and on nothing else. What is no
    IP address, or carries a zone id (`fe80::1%eth0`), is forbidden.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return True
    if isinstance(ip, IPv4Address):
        return _forbidden_v4(ip, allow_private)
    if ip.scope_id:
        return True
    if ip == IPv6Address("::1"):
        return not allow_private
    inner = _embedded(ip)
    if inner:
        return any(_forbidden_v4(v4, allow_private) for v4 in inner)
    if any(ip in net for net in _V6_NEVER):
        return True
    return not allow_private and any(ip in net for net in _V6_LOOPBACK_PRIVATE)


def _forbidden_v4(ip: IPv4Address, allow_private: bool) -> bool:
    if any(ip in net for net in _V4_NEVER):
        return True
    return not allow_private and any(ip in net for net in _V4_LOOPBACK_PRIVATE)


def _embedded(ip: IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that traffic to this IPv6 address may end at."""
    if ip.ipv4_mapped:
        return [ip.ipv4_mapped]
    if ip.teredo:
        return list(ip.teredo)
    low = int(ip) & 0xFFFFFFFF
    if ip in _NAT64 or ip in _TRANSLATED or ip in _COMPATIBLE:
        return [IPv4Address(low)]
    if (int(ip) >> 32) & 0xFFFFFFFF in _ISATAP:
        return [IPv4Address(low)]
    return []
