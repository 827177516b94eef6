# SPDX-License-Identifier: MIT
# TS_LUA_BINDING: whether the binding for stock Lua is built, and where it goes.
#
# --enable-lua-binding=yes stops when it cannot be built, auto (the default) tells why it is not, no
# leaves it out. It is for the Lua that the library was built with, and links no liblua: the
# interpreter brings its own. Call after TS_LUA_VERSION.
#
# Output: luacdir, luadir, LUA_INTERPRETER (for its tests; may be empty), the conditional
# LUA_BINDING, and ts_lua_binding_summary.
AC_DEFUN([TS_LUA_BINDING], [
AC_ARG_ENABLE([lua-binding],
  [AS_HELP_STRING([--enable-lua-binding], [the Lua binding: yes, no or auto])],
  [], [enable_lua_binding=auto])
TS_YES_NO_AUTO([lua-binding])
AC_ARG_WITH([luacdir], [AS_HELP_STRING([--with-luacdir=DIR], [LIBDIR/lua/5.4, or 5.5 with that Lua])],
  [luacdir=$withval], [luacdir="\${libdir}/lua/$LUA_SERIES"])
AC_ARG_WITH([luadir], [AS_HELP_STRING([--with-luadir=DIR], [DATADIR/lua/5.4, or 5.5 with that Lua])],
  [luadir=$withval], [luadir="\${datadir}/lua/$LUA_SERIES"])
AC_ARG_VAR([LUA_INTERPRETER], [the same Lua as the library's, for the tests of its binding])
have_lua_binding=no
ts_lua_binding_summary=no
AS_IF([test "x$enable_shared" != xyes && test "x$enable_lua_binding" != xno], [
  AS_IF([test "x$enable_lua_binding" = xyes],
    [AC_MSG_ERROR([--enable-lua-binding: modules are shared libraries, which --disable-shared leaves out])])
  enable_lua_binding=no
  ts_lua_binding_summary='no  (--disable-shared)'
])
AS_IF([test "x$enable_lua_binding" != xno], [
  have_lua_binding=yes
  AC_PATH_PROGS([LUA_INTERPRETER], [lua$LUA_SERIES lua-$LUA_SERIES lua])
  AS_IF([test -n "$LUA_INTERPRETER" &&
         test "x`"$LUA_INTERPRETER" -e 'io.write(_VERSION)' 2>/dev/null`" != "xLua $LUA_SERIES"],
    [AC_MSG_NOTICE([$LUA_INTERPRETER is not Lua $LUA_SERIES: the tests of the binding are left out])
     LUA_INTERPRETER=])
  ts_lua_binding_summary="into $luacdir and $luadir"
])
AC_SUBST([luacdir])
AC_SUBST([luadir])
AM_CONDITIONAL([LUA_BINDING], [test $have_lua_binding = yes])
])
