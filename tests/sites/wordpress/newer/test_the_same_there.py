"""What holds in Debian's WordPress holds in a newer one: the tests are the same."""

import pytest

from tests.sites.wordpress.sent import CLOSED, OPEN
from tests.sites.wordpress.site import LINE, Site, paragraphs
from tests.sites.wordpress.test_copies import test_an_export_has_the_whole_and_comes_in_cut
from tests.sites.wordpress.test_in_a_browser import (
    connected,
    supporter,
    test_an_author_closes_a_post_by_mouse,
)
from tests.sites.wordpress.test_leaks import gated, pages, test_with_the_plugin_off, test_with_the_plugin_on
from tests.sites.wordpress.test_revisions import (
    test_a_revision_of_before_the_line_by_xml_rpc,
    test_a_revision_of_before_the_line_opens_the_post_again,
    test_an_autosave_of_the_block_editor,
    test_revisions_are_compared_whole_by_who_may_edit,
    test_revisions_are_cut_as_the_post_is_and_bring_the_whole_back,
    test_what_has_not_changed_is_no_revision,
)
from tests.sites.wordpress.test_saving import (
    TestCategories,
    TestWhoKnowsNothing,
    test_a_lost_key_loses_no_text,
    test_nobody_else_is_given_the_rest,
    test_the_block_editor_has_the_whole_and_the_table_has_not,
    test_the_classic_editor_writes_and_reads_the_same,
)
from tests.sites.wordpress.test_while_off import off, test_activating_cuts_them, test_not_a_byte_of_it_is_shown
from tests.stories.reader import Reader

__all__ = [
    "TestCategories",
    "TestWhoKnowsNothing",
    "connected",
    "gated",
    "off",
    "pages",
    "supporter",
    "test_a_lost_key_loses_no_text",
    "test_a_revision_of_before_the_line_by_xml_rpc",
    "test_a_revision_of_before_the_line_opens_the_post_again",
    "test_activating_cuts_them",
    "test_an_author_closes_a_post_by_mouse",
    "test_an_autosave_of_the_block_editor",
    "test_an_export_has_the_whole_and_comes_in_cut",
    "test_nobody_else_is_given_the_rest",
    "test_not_a_byte_of_it_is_shown",
    "test_revisions_are_compared_whole_by_who_may_edit",
    "test_revisions_are_cut_as_the_post_is_and_bring_the_whole_back",
    "test_the_block_editor_has_the_whole_and_the_table_has_not",
    "test_the_classic_editor_writes_and_reads_the_same",
    "test_what_has_not_changed_is_no_revision",
    "test_with_the_plugin_off",
    "test_with_the_plugin_on",
]

pytestmark = [pytest.mark.stack, pytest.mark.browser]

COLUMNS = """<!-- wp:columns {"style":{"spacing":{"blockGap":"37px"}}} -->
<div class="wp-block-columns"><!-- wp:column {"width":"66%"} -->
<div class="wp-block-column" style="flex-basis:66%"><!-- wp:heading -->
<h2 class="wp-block-heading">Заголовок</h2>
<!-- /wp:heading -->

<!-- wp:list -->
<ul><!-- wp:list-item -->
<li>раз</li>
<!-- /wp:list-item --></ul>
<!-- /wp:list --></div>
<!-- /wp:column -->

<!-- wp:column -->
<div class="wp-block-column"><!-- wp:quote -->
<blockquote class="wp-block-quote"><!-- wp:paragraph -->
<p>Сказано</p>
<!-- /wp:paragraph --></blockquote>
<!-- /wp:quote --></div>
<!-- /wp:column --></div>
<!-- /wp:columns -->

<!-- wp:group {"layout":{"type":"flex","justifyContent":"right"}} -->
<div class="wp-block-group"><!-- wp:paragraph -->
<p>Праворуч</p>
<!-- /wp:paragraph --></div>
<!-- /wp:group -->

<!-- wp:table -->
<figure class="wp-block-table"><table><tbody><tr><td>1</td><td>2</td></tr></tbody></table></figure>
<!-- /wp:table -->"""
# Where each element of the text stands and how it looks; what is in the table's cells and the list's items, too.
_LOOKS = """(root) => {
  const top = root.querySelector("p").getBoundingClientRect();
  return [...root.querySelectorAll("p, h2, ul, li, blockquote, div, table, td")]
    .filter((one) => !one.closest(".spilno-read-on, .spilno-own-view"))
    .map((one) => {
      const { x, y, width, height } = one.getBoundingClientRect();
      const style = getComputedStyle(one);
      return [one.tagName, ...[x - top.x, y - top.y, width, height].map(Math.round), style.fontSize, style.fontFamily,
        style.color, style.display, style.gap, style.justifyContent].join(" ");
    });
}"""


def test_it_is_another_one(site: Site) -> None:
    assert site.run("return $GLOBALS['wp_version'];") == "6.5.5"


def test_an_opened_text_looks_as_if_it_had_never_been_closed(connected: Site, supporter: Reader) -> None:
    parts = paragraphs(OPEN), f"{paragraphs(CLOSED)}\n\n{COLUMNS}"
    open_one = connected.insert("\n\n".join(parts))
    closed = connected.insert(f"\n\n{LINE}\n\n".join(parts))
    page = supporter.page
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{connected.url}/?p={open_one}")
        wanted = page.locator(".entry-content").first.evaluate(_LOOKS)
        page.goto(f"{connected.url}/?p={closed}")
        supporter.sees(CLOSED)
        assert supporter.wall.evaluate(_LOOKS) == wanted, width
        assert len(wanted) > 12
