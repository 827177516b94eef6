# SPDX-License-Identifier: MIT
# The Lua in which policies and plugins run: 5.4 or 5.5.
#
# TS_LUA asks pkg-config, which knows it by another name in each distribution; --with-lua=MODULE says
# which. Where there are both, 5.4 comes first: what the library brings and what loads the binding must
# be the same Lua. TS_LUA_VERSION, after TS_STOP_IF_LACKING, tells by its headers which one it is.
#
# Output: LUA_CFLAGS, LUA_LIBS, LUA_MODULE (pkg-config's name), LUA_SERIES (5.4 or 5.5).
AC_DEFUN([TS_LUA], [
AC_ARG_WITH([lua],
  [AS_HELP_STRING([--with-lua=MODULE],
    [pkg-config's name of a Lua 5.4 or 5.5: the first of lua5.4, lua-5.4, lua5.5, lua-5.5, lua])],
  [], [with_lua=])
AS_CASE([$with_lua], [yes | no],
  [AC_MSG_ERROR([--with-lua is the name of a Lua that pkg-config knows, for example lua5.5])])
LUA_MODULE=
AS_IF([test -n "$PKG_CONFIG"], [
  for ts_name in ${with_lua:-lua5.4 lua-5.4 lua5.5 lua-5.5 lua}; do
    AS_IF([test -z "$LUA_MODULE" && $PKG_CONFIG --exists "$ts_name >= 5.4.0 $ts_name < 5.6.0"],
      [LUA_MODULE=$ts_name])
  done
  # For the message alone: one that is too old.
  AS_IF([test -z "$LUA_MODULE" && test -z "$with_lua" && $PKG_CONFIG --exists lua], [LUA_MODULE=lua])
])
: "${LUA_MODULE:=${with_lua:-lua5.4}}"
TS_REQUIRED([LUA], [$LUA_MODULE], [5.4.0], [liblua5.4-dev])
AC_SUBST([LUA_MODULE])
])

AC_DEFUN([TS_LUA_VERSION], [
AC_MSG_CHECKING([which Lua $LUA_MODULE is])
ts_save_CPPFLAGS=$CPPFLAGS
CPPFLAGS="$CPPFLAGS $LUA_CFLAGS"
AC_COMPUTE_INT([ts_lua_number], [LUA_VERSION_NUM], [[#include <lua.h>]], [ts_lua_number=none])
CPPFLAGS=$ts_save_CPPFLAGS
AC_MSG_RESULT([$ts_lua_number])
AS_CASE([$ts_lua_number],
  [504], [LUA_SERIES=5.4],
  [505], [LUA_SERIES=5.5],
  [none], [AC_MSG_ERROR([lua.h of $LUA_MODULE cannot be used, see config.log])],
  [AC_MSG_ERROR([$LUA_MODULE has the headers of Lua $ts_lua_number, and 504 or 505 is needed; --with-lua=MODULE names another])])
AC_SUBST([LUA_SERIES])
])
