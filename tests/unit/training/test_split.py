"""Who trains, who validates and who tests."""

from hashlib import sha1

from fashion_training.split import (
    linked_groups,
    lowest_of_group,
    side_of,
    sides_for_training,
    sides_of_products,
)


def identifiers(side: str, count: int) -> list[str]:
    """Return the first few numbers that stand on a side by themselves."""
    return [str(n) for n in range(2000) if side_of(str(n)) == side][:count]


def test_test_side_is_the_common_rule() -> None:
    """A tenth tests by the rule that everybody uses, one in twenty validates, the rest trains."""
    sides = {str(n): side_of(str(n)) for n in range(5000)}
    for identifier, side in sides.items():
        number = int(sha1(identifier.encode(), usedforsecurity=False).hexdigest(), 16)
        assert (side == "test") == (number % 10 == 0)
        assert (side == "validation") == (number % 20 == 1)
    assert 400 < list(sides.values()).count("test") < 600


def test_the_lowest_number_leads_its_group() -> None:
    """Identifiers are compared as numbers: 9 leads 10, though "10" sorts first as text."""
    assert lowest_of_group({"10": "a", "9": "a", "7": "b"}) == {"10": "9", "9": "9", "7": "7"}


def test_duplicates_follow_the_lowest_of_their_group() -> None:
    """A copy stands where the lowest of its group stands, whatever its own number says."""
    test, train = identifiers("test", 5)[-1], identifiers("train", 1)[0]
    assert int(train) < int(test)
    assert sides_of_products({train: "same", test: "same"}) == {train: "train", test: "train"}
    assert sides_of_products({train: "one", test: "two"}) == {train: "train", test: "test"}


def test_groups_join_over_several_sets() -> None:
    """Two products are linked when any set shows both with one photo, also by way of a third."""
    groups = linked_groups(
        [{"1": "a", "2": "b", "3": "c", "4": "d"}, {"1": "x", "2": "x", "3": "y"}]
    )
    assert groups["1"] == groups["2"]
    assert len({groups["1"], groups["3"], groups["4"]}) == 3
    chained = linked_groups([{"1": "a", "2": "a", "3": "b"}, {"2": "x", "3": "x"}])
    assert len(set(chained.values())) == 1


def test_a_copy_of_a_test_photo_never_trains() -> None:
    """In training, one test product withholds its whole group, also when a lower number leads it."""
    train, test = identifiers("train", 1)[0], identifiers("test", 5)[-1]
    validation = identifiers("validation", 5)[-1]
    large = {train: "l1", test: "l2", validation: "l3"}
    assert sides_for_training([large])[train] == "train"
    assert sides_for_training([large, {train: "s", test: "s"}])[train] == "test"
    assert sides_for_training([large, {train: "s", validation: "s"}])[train] == "validation"
    joined = sides_for_training(
        [large, {train: "s", validation: "s"}, {validation: "t", test: "t"}]
    )
    assert joined == {train: "test", validation: "test", test: "test"}


def test_a_large_photo_decides_even_where_the_small_set_disagrees() -> None:
    """A product that tests by its large photo stays a test product when its small one is a copy."""
    train, test = identifiers("train", 1)[0], identifiers("test", 5)[-1]
    sides = sides_for_training([{test: "l"}, {train: "s", test: "s"}])
    assert sides[test] == "test"
