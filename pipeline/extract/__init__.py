"""From a fetched page to an article: bytes → text → one parsed tree → metadata and body.

In: `records.Page`. Out: `records.Article`, or `errors.Rejected` for what is no article. Pure: no
network, no clock (`Page.fetched` is now), no state. The bound on time and memory of a hostile page
is kept by the caller, which runs `extract` in a child process.
"""

from pipeline.extract.article import extract

__all__ = ["extract"]
