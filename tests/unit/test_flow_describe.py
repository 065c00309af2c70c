"""The generated sentences: counted from the graph, honest about what is merged, missing or filtered, and in good English."""

from __future__ import annotations

import random

import pytest
from flow_samples import popwork, rows

from popmap.flow.describe import LONGEST_NAME, describe, listed
from popmap.flow.graph import Path, build
from popmap.flow.impact import Activity, FlowRow, explain, impact, vendors_of


def test_bundled_register_is_described_by_its_numbers() -> None:
    """The numbers of the sentence are those counted from the register's file, not fixed words."""
    flows = rows("flows")
    reach: dict[str, set[str]] = {}
    seen: dict[str, set[str]] = {}
    for flow in flows:
        reach.setdefault(flow["category_id"], set()).add(flow["vendor_id"])
        seen.setdefault(flow["vendor_id"], set()).add(flow["category_id"])
    shared = sum(len(categories) > 1 for categories in seen.values())
    sentence = describe(popwork())
    assert f"{len(flows)} flows are shown, with {len(reach)} categories and {len(seen)} vendors." in sentence
    assert f"Identification data reaches {len(reach['identification-data'])} of {len(seen)} vendors" in sentence
    assert f"Logs {len(reach['logs'])}" in sentence
    assert f"{shared} vendors receive two or more categories." in sentence


CASES = {
    "nothing": ([], {}, "There are no flows to show."),
    "one of all": (
        [Path(("a", "v"), 1, 1, 1)],
        {},
        (
            "1 flow is shown, with 1 category and 1 vendor. a reaches the only vendor, v. "
            "The flow rests on no evidence. The flow has findings."
        ),
    ),
    "two to one": (
        [Path(("a", "v"), 1, 1), Path(("b", "v"), 1, 1)],
        {},
        (
            "2 flows are shown, with 2 categories and 1 vendor. a reaches the only vendor, v; so does 1 other category. "
            "1 vendor, v, receives two or more categories. Both flows rest on no evidence."
        ),
    ),
    "three to one": (
        [Path((key, "v"), 1) for key in "abc"],
        {},
        (
            "3 flows are shown, with 3 categories and 1 vendor. a reaches the only vendor, v; so do 2 other categories. "
            "1 vendor, v, receives two or more categories."
        ),
    ),
    "one to two": (
        [Path(("a", "v"), 1000, 0, 1), Path(("a", "w"), 1)],
        {},
        "1,001 flows are shown, with 1 category and 2 vendors. a reaches 2 of 2 vendors. 1 of 1,001 flows has findings.",
    ),
    "none shared": (
        [Path(("a", "v"), 1), Path(("b", "w"), 1)],
        {},
        "2 flows are shown, with 2 categories and 2 vendors. a reaches 1 of 2 vendors and b 1. No vendor receives more than one category.",
    ),
    "four alike": (
        [Path((key, f"v{key}"), 1) for key in "abcd"],
        {},
        (
            "4 flows are shown, with 4 categories and 4 vendors. Each of the 4 categories reaches 1 of 4 vendors. "
            "No vendor receives more than one category."
        ),
    ),
    "one left over": (
        [Path((key, vendor), 1) for key, vendors in (("a", "vwx"), ("b", "vw"), ("c", "v"), ("d", "v")) for vendor in vendors],
        {},
        (
            "7 flows are shown, with 4 categories and 3 vendors. a reaches 3 of 3 vendors, b 2 and c 1; 1 other category reaches 1. "
            "2 vendors receive two or more categories."
        ),
    ),
    "not stated": (
        [Path(("a", ""), 2), Path(("b", "v"), 1), Path(("", "v"), 1)],
        {},
        (
            "4 flows are shown, with 2 categories and 1 vendor. b reaches the only vendor, v. No vendor receives more than one category. "
            "The category is not stated for 1 of 4 flows. The vendor is not stated for 2 of 4 flows."
        ),
    ),
    "nothing stated": (
        [Path(("", ""), 1)],
        {},
        "1 flow is shown. The category is not stated for the flow. The vendor is not stated for the flow.",
    ),
    "merged": (
        [Path(("a", "*"), 9), Path(("a", "v"), 1), Path(("b", "v"), 1), Path(("c", "*"), 3)],
        {"vendor": 38},
        (
            "14 flows are shown, with 3 categories and 39 vendors. a reaches at least 2 of 39 vendors, b 1 and c at least 1. "
            "Counting only what is drawn by name, 1 vendor, v, receives two or more categories. "
            "38 further vendors are drawn together as Other."
        ),
    ),
    "one merged": (
        [Path(("a", "*"), 1), Path(("a", "v"), 1)],
        {"vendor": 1},
        "2 flows are shown, with 1 category and 2 vendors. a reaches at least 2 of 2 vendors. 1 further vendor is drawn as Other.",
    ),
}


@pytest.mark.parametrize("case", list(CASES))
def test_sentences_for_few_and_many(case: str) -> None:
    """Every count reads as English: none, one, two, all, some, and what is merged or missing is said to be."""
    paths, others, expected = CASES[case]
    assert describe(build(("category", "vendor"), paths, {}, others)) == expected


def test_further_layers_say_where_most_flows_are() -> None:
    """A third layer is described by its largest members, and the rest is counted."""
    paths = [Path(("a", "v", section), flows) for section, flows in (("x", 4), ("y", 3), ("z", 2), ("w", 1), ("", 5))]
    sentence = describe(build(("category", "vendor", "section"), paths, {}))
    assert "Flows by section: x 4, y 3, z 2 and 1 more. The section is not stated for 5 of 15 flows." in sentence


def test_recipients_are_reached_and_properties_linked_to() -> None:
    """Data does not "reach" a legal basis."""
    paths = [Path(("v", "consent"), 1), Path(("v", "contract"), 1)]
    assert "v is linked to 2 of 2 legal bases." in describe(build(("vendor", "legal_basis"), paths, {}))


def test_filter_is_named_first() -> None:
    """A filtered picture never reads as if it were the whole register, not even an empty one."""
    graph = build(("category", "vendor"), [], {})
    assert describe(graph, "Logs to vendors in Marketing") == "Filter: Logs to vendors in Marketing. There are no flows to show."


def test_names_are_one_line_and_not_endless() -> None:
    """A name of 300 characters with line breaks leaves the sentence readable."""
    graph = build(("category", "vendor"), [Path(("a", "v"), 1)], {"category": {"a": "long\nname " * 30}})
    sentence = describe(graph)
    assert "\n" not in sentence
    assert len(sentence) < 100 + LONGEST_NAME


def test_sentence_does_not_depend_on_the_paths_order() -> None:
    """The same flows in another order give the same words."""
    paths = [Path((f"c{a}", f"v{b}"), 1 + (a * b) % 3) for a in range(5) for b in range(7) if (a + b) % 2]
    shuffled = random.Random(3).sample(paths, len(paths))
    assert describe(build(("category", "vendor"), paths, {})) == describe(build(("category", "vendor"), shuffled, {}))


@pytest.mark.parametrize(("names", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_lists_read_as_english(names: list[str], text: str) -> None:
    """Nothing, one, two and more names are joined as one would write them."""
    assert listed(names) == text


FLOWS = (
    FlowRow("logs", "a", "Group", "run"),
    FlowRow("logs", "b", "Group", "watch"),
    FlowRow("names", "a", "Group", "run"),
    FlowRow("names", "c", "", "run"),
    FlowRow("code", "a", "Group", ""),
    FlowRow("names", "d", "Other", "sell"),
    FlowRow("mail", "d", "Other", "run"),
)


def test_impact_of_a_vendor() -> None:
    """What only this vendor receives or serves is told from what others share with it."""
    result = impact(FLOWS, frozenset({"a"}))
    assert (result.flows, result.reaches, result.purposes, result.unstated) == (3, ("code", "logs", "names"), ("run",), 1)
    assert result.only_here == ("code",)
    assert result.purposes_only_here == ()
    assert result.pairs_only_here == (("logs", "run"),)
    assert result.shared_with == ("b", "c", "d")


def test_impact_of_a_company_counts_all_its_vendors_as_one() -> None:
    """Logs go to two vendors of one company: without the company nobody receives them."""
    vendors = vendors_of(FLOWS, "Group")
    assert vendors == {"a", "b"}
    result = impact(FLOWS, vendors)
    assert result.only_here == ("code", "logs")
    assert result.purposes_only_here == ("watch",)
    assert result.shared_with == ("c", "d")


def test_vendors_without_a_company_are_no_group() -> None:
    """A company that is not stated groups nothing."""
    assert vendors_of(FLOWS, "") == frozenset()


def test_impact_names_activities() -> None:
    """Activities that name the vendor, and those that name nobody else, are told apart."""
    activities = [Activity("Hosting", frozenset({"a"})), Activity("Support", frozenset({"a", "d"})), Activity("Sales", frozenset({"d"}))]
    result = impact(FLOWS, frozenset({"a"}), activities)
    assert result.activities == ("Hosting", "Support")
    assert result.activities_only_here == ("Hosting",)
    assert explain(result, "A").endswith("2 processing activities (Hosting and Support) name it. 1 of them names no other vendor.")


def test_impact_on_the_bundled_register() -> None:
    """Stripe alone receives billing information; Sentry's logs also go elsewhere."""
    vendors = {row["vendor_id"]: row for row in rows("vendors")}
    names = {row["category_id"]: row["name"] for row in rows("categories")}
    flows = [FlowRow(row["category_id"], row["vendor_id"], vendors[row["vendor_id"]]["company"], row["purpose"]) for row in rows("flows")]
    stripe = explain(impact(flows, frozenset({"stripe"})), "Stripe", names)
    assert "Without it, 1 category (Billing information) would go to no vendor." in stripe
    others = {row.vendor for row in flows if row.category == "logs"} - {"sentry"}
    sentry = explain(impact(flows, frozenset({"sentry"})), "Sentry", names)
    assert f"What it receives also goes to at least one of {len(others)} other vendors." in sentry
    assert "Without it" not in sentry


EXPLAINED = {
    "nothing": ([], "No flow shown goes to V."),
    "alone": (
        [FlowRow("a", "v", "", "p")],
        (
            "V receives 1 category (a) for 1 stated purpose. Without it, 1 category (a) would go to no vendor. "
            "Its stated purpose is served by no other vendor."
        ),
    ),
    "purpose not stated": (
        [FlowRow("a", "v"), FlowRow("a", "w")],
        "V receives 1 category (a). The purpose is not stated for its only flow. What it receives also goes to 1 other vendor.",
    ),
    "no purpose stated": (
        [FlowRow("a", "v"), FlowRow("b", "v"), FlowRow("a", "w"), FlowRow("b", "x")],
        (
            "V receives 2 categories (a and b). The purpose is not stated for any of its flows. "
            "Each category it receives also goes to at least one of 2 other vendors."
        ),
    ),
    "some": (
        [FlowRow("a", "v", "", "p"), FlowRow("b", "v", "", "q"), FlowRow("a", "w", "", "p"), FlowRow("a", "x", "", "r")],
        (
            "V receives 2 categories (a and b) for 2 stated purposes. Without it, 1 category (b) would go to no vendor. "
            "The rest of what it receives also goes to at least one of 2 other vendors. 1 purpose is served by no other vendor."
        ),
    ),
    "many": (
        [FlowRow(f"c{at}", "v") for at in range(7)],
        (
            "V receives 7 categories (c0, c1, c2, c3, c4 and 2 more). The purpose is not stated for any of its flows. "
            "Without it, 7 categories (c0, c1, c2, c3, c4 and 2 more) would go to no vendor."
        ),
    ),
}


@pytest.mark.parametrize("case", list(EXPLAINED))
def test_impact_reads_as_english(case: str) -> None:
    """None, one, two and many are each said the way one would."""
    flows, expected = EXPLAINED[case]
    assert explain(impact(flows, frozenset({"v"})), "V") == expected
