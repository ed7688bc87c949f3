"""Worlds that tests share: real servers, a working directory, a loopback site."""
