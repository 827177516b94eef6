# SPDX-License-Identifier: MIT
if TESTS_ENABLED
TESTS += $(waiting_tests)
endif
include $(top_srcdir)/tests/integration/local.mk
include $(top_srcdir)/tests/unit/local.mk
include $(top_srcdir)/tests/bindings/local.mk
include $(top_srcdir)/tests/bindings/lua/local.mk
include $(top_srcdir)/tests/bindings/python/local.mk
include $(top_srcdir)/tests/fuzz/local.mk
include $(top_srcdir)/tests/bench/local.mk
include $(top_srcdir)/tests/checks.mk
