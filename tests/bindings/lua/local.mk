# SPDX-License-Identifier: MIT
# The Lua binding, in the interpreter that the system has. A sanitizer must be loaded before it.
EXTRA_DIST += %D%/annotations.lua %D%/check.lua %D%/client.lua %D%/errors.lua %D%/hooks.lua %D%/hostile.lua %D%/memory.lua %D%/options.lua %D%/plans.lua \
	%D%/tasks.lua %D%/run.sh %D%/guide.sh %D%/interrupt.sh %D%/rock.sh %D%/versions.sh
AM_TESTS_ENVIRONMENT += LUA_INTERPRETER='$(LUA_INTERPRETER)' LUA_SERIES='$(LUA_SERIES)'; \
	export LUA_INTERPRETER LUA_SERIES;
if SANITIZED
AM_TESTS_ENVIRONMENT += SANITIZE_PRELOAD=`$(CC) -print-file-name=libasan.so`; export SANITIZE_PRELOAD;
endif
if LUA_BINDING
lua_binding_tests = %D%/versions.sh
if SIMULATOR
lua_binding_tests += %D%/run.sh %D%/guide.sh %D%/interrupt.sh %D%/rock.sh
endif
endif
TESTS += $(lua_binding_tests)
