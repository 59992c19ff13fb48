"""The yardstick itself is right."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fashion_finder.search.exact import nearest


@settings(deadline=None)
@given(
    seed=st.integers(0, 1000), size=st.integers(0, 60), count=st.integers(0, 70), ties=st.booleans()
)
def test_it_is_what_sorting_everything_gives(seed: int, size: int, count: int, ties: bool) -> None:
    """Best first, equal ones by ascending label, never more than there are."""
    random = np.random.default_rng(seed)
    values = random.integers(-2, 3, (size, 3)) if ties else random.normal(size=(size, 3))
    vectors = values.astype(np.float32)
    labels = random.permutation(1000)[:size].astype(np.int64)
    query = np.array([1.0, 0.5, -0.25], np.float32)
    similarities = dict(zip(labels.tolist(), (vectors @ query).tolist(), strict=True))
    found = nearest(labels, vectors, query, count)
    expected = sorted(similarities.values(), reverse=True)[:count]
    assert [similarity for _, similarity in found] == expected
    assert all(similarities[label] == similarity for label, similarity in found)
    assert found == sorted(found, key=lambda pair: (-pair[1], pair[0]))
