"""The interface describes itself, on every brand's host."""

import pytest
