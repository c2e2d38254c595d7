"""What a call for an article says of its reader, by its header."""

import pytest

from chalicelib.http.call import Call
from chalicelib.reading.views.decisions import article_request
from testkit.harness import Harness
