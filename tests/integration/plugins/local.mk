# SPDX-License-Identifier: MIT
# The plugins that ship, in the real command against the stand-in service.
EXTRA_DIST += %D%/compiled.sh %D%/memory.c $(plugin_integration_tests)
plugin_integration_tests = %D%/audit.sh %D%/audit_writers.sh %D%/lua.sh %D%/metrics.sh %D%/secrets.sh %D%/syslog.sh
if SIMULATOR
if COMPILED_PLUGINS
TESTS += $(plugin_integration_tests)
endif
endif
