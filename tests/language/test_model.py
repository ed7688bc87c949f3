from __future__ import annotations

from importlib import resources

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langdetect.detector_factory import DetectorFactory

from pipeline.language import key_index, model

NAMES = ("bg", "de", "ru", "zh-cn")
PROFILES = [
    (resources.files("langdetect") / "profiles" / name).read_text(encoding="utf-8")
    for name in NAMES
]


@pytest.fixture(scope="module")
def ours() -> model.NgramModel:
    return model.build(PROFILES)


@pytest.fixture(scope="module")
def library() -> DetectorFactory:
    factory = DetectorFactory()
    factory.load_json_profile(PROFILES)
    return factory


@pytest.mark.parametrize(
    "text",
    [
        "Über den Wolken muss die Freiheit wohl grenzenlos sein",
        "НАТО и ЕС: МИД России сделал заявление, ООН молчит",
        "a  b — c\u2028d  ‘e’ 12 f",
        "我们的记者 報道",
        "",
        "«Ё»",
    ],
)
def test_it_counts_the_very_ngrams_of_langdetect(
    ours: model.NgramModel, library: DetectorFactory, text: str
) -> None:
    detector = library.create()
    detector.append(text + " ")  # we count the end of the last word too
    theirs = detector._extract_ngrams()
    _, counts = ours.score([text])
    assert counts.sum() == len(theirs)


def test_the_score_is_the_sum_of_log_likelihoods(
    ours: model.NgramModel, library: DetectorFactory
) -> None:
    text = "Федеральное правительство объявило о новых выборах"
    detector = library.create()
    detector.append(text + " ")
    expected = sum(
        np.log(np.array(library.word_lang_prob_map[gram]) + model._SMOOTHING)
        for gram in detector._extract_ngrams()
    )
    sums, _ = ours.score([text])
    # Tables hold whole steps of 1/256: at most half a step of rounding for each n-gram.
    assert sums[0] == pytest.approx(expected, abs=len(text) * 3 / 512)


def test_paragraphs_are_scored_as_if_alone(ours: model.NgramModel) -> None:
    parts = ["Guten Morgen", "Доброе утро, мир", "утро"]
    together, counts = ours.score(parts)
    for i, part in enumerate(parts):
        alone, count = ours.score([part])
        assert (together[i] == alone[0]).all()
        assert counts[i] == count[0]


def test_the_tables_cannot_be_written_to(ours: model.NgramModel) -> None:
    with pytest.raises(ValueError, match="read-only"):
        ours.log_likelihood[0, 0] = 1


keys = st.lists(st.integers(0, 2**60), min_size=1, max_size=300, unique=True)


@given(keys, st.lists(st.integers(0, 2**60), max_size=50))
@settings(deadline=None)
def test_the_index_finds_every_key_and_no_other(known: list[int], others: list[int]) -> None:
    index = key_index.build(np.array(known, np.int64))
    rows = index.rows(np.array(known + others, np.int64))
    place = {key: row for row, key in enumerate(known)}
    assert rows.tolist() == [place.get(key, index.missing) for key in known + others]


def test_keys_that_share_a_slot_are_all_found() -> None:
    # More keys than slots would hold without collisions: a third lose theirs.
    known = np.arange(400_000, dtype=np.int64) * 7919
    index = key_index.build(known)
    assert len(index.spill_keys) > 1000
    assert (index.rows(known) == np.arange(400_000)).all()
