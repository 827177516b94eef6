# SPDX-License-Identifier: MIT
# Tests of the Python binding: programs that print TAP, run by run.sh with the interpreter that the
# binding was built for. `make check TESTS=tests/bindings/python/test_async.py` runs one.

PY_LOG_COMPILER = $(SHELL) $(top_srcdir)/%D%/run.sh

EXTRA_DIST += %D%/run.sh %D%/leaks.supp %D%/stubtest.allow %D%/support.py %D%/support_async.py %D%/threads.supp $(python_tests)
python_tests = \
	%D%/pip.sh \
	%D%/references.sh \
	%D%/test_async.py \
	%D%/test_async_work.py \
	%D%/test_client.py \
	%D%/test_ends.py \
	%D%/test_guide.py \
	%D%/test_handles.py \
	%D%/test_help.py \
	%D%/test_hooks.py \
	%D%/test_hostile.py \
	%D%/test_life.py \
	%D%/test_memory.py \
	%D%/test_mistakes.py \
	%D%/test_plans.py \
	%D%/test_policy.py \
	%D%/test_references.py \
	%D%/test_secrets.py \
	%D%/test_tasks.py \
	%D%/test_threads.py \
	%D%/types.sh

if PYTHON_BINDING
if SIMULATOR
python_binding_tests = $(python_tests)
endif
endif
TESTS += $(python_binding_tests)
