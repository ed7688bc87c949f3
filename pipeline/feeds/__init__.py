"""Feeds: what a feed says (parse), when to ask it again (schedule), how it fares (health), and
where to find it (discover, opml). Everything here is pure; the poller brings bytes and the clock.
"""
