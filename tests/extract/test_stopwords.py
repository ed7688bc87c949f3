"""justext's words are held once, and are the same words."""

import subprocess
import sys

COMPARED = """
from justext.core import define_stoplist
from trafilatura import external
theirs = define_stoplist(external.jt_stoplist_init())
from pipeline.extract import stopwords
stopwords.load()
assert define_stoplist(external.JT_STOPLIST) == theirs
"""


def test_trafilatura_finds_the_same_words_as_without_us() -> None:
    subprocess.run([sys.executable, "-c", COMPARED], check=True)
