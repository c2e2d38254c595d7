"""What holds in Debian's WordPress holds in a newer one: the tests are the same."""

from tests.sites.wordpress.site import Site
from tests.sites.wordpress.test_copies import test_an_export_has_the_whole_and_comes_in_cut
from tests.sites.wordpress.test_in_a_browser import (
    connected,
    supporter,
    test_an_author_closes_a_post_by_mouse,
    test_an_opened_text_looks_as_if_it_had_never_been_closed,
)
from tests.sites.wordpress.test_leaks import gated, pages, test_with_the_plugin_off, test_with_the_plugin_on
from tests.sites.wordpress.test_saving import (
    TestCategories,
    TestRevisions,
    TestWhoKnowsNothing,
    test_a_lost_key_loses_no_text,
    test_nobody_else_is_given_the_rest,
    test_the_block_editor_has_the_whole_and_the_table_has_not,
    test_the_classic_editor_writes_and_reads_the_same,
)

__all__ = [
    "TestCategories",
    "TestRevisions",
    "TestWhoKnowsNothing",
    "connected",
    "gated",
    "pages",
    "supporter",
    "test_a_lost_key_loses_no_text",
    "test_an_author_closes_a_post_by_mouse",
    "test_an_export_has_the_whole_and_comes_in_cut",
    "test_an_opened_text_looks_as_if_it_had_never_been_closed",
    "test_nobody_else_is_given_the_rest",
    "test_the_block_editor_has_the_whole_and_the_table_has_not",
    "test_the_classic_editor_writes_and_reads_the_same",
    "test_with_the_plugin_off",
    "test_with_the_plugin_on",
]


def test_it_is_another_one(site: Site) -> None:
    assert site.run("return $GLOBALS['wp_version'];") == "6.5.5"
