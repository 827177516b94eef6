# TS_LUA_BINDING: whether the binding for stock Lua is built, and where it goes.
#
# --enable-lua-binding=yes stops when it cannot be built, auto (the default) tells why it is not, no
# leaves it out. It needs the headers of Lua 5.4 that the library has, and links no liblua: the
# interpreter brings its own. Call after LUA_CFLAGS is known.
#
# Output: luacdir, luadir, LUA_INTERPRETER (for its tests; may be empty), the conditional
# LUA_BINDING, and ts_lua_binding_summary.
AC_DEFUN([TS_LUA_BINDING], [
AC_ARG_ENABLE([lua-binding],
  [AS_HELP_STRING([--enable-lua-binding], [the Lua binding: yes, no or auto (with Lua 5.4)])],
  [], [enable_lua_binding=auto])
TS_YES_NO_AUTO([lua-binding])
AC_ARG_WITH([luacdir], [AS_HELP_STRING([--with-luacdir=DIR], [LIBDIR/lua/5.4])],
  [luacdir=$withval], [luacdir='${libdir}/lua/5.4'])
AC_ARG_WITH([luadir], [AS_HELP_STRING([--with-luadir=DIR], [DATADIR/lua/5.4])],
  [luadir=$withval], [luadir='${datadir}/lua/5.4'])
AC_ARG_VAR([LUA_INTERPRETER], [Lua 5.4, for the tests of its binding])
have_lua_binding=no
ts_lua_binding_summary=no
AS_IF([test "x$enable_shared" != xyes && test "x$enable_lua_binding" != xno], [
  AS_IF([test "x$enable_lua_binding" = xyes],
    [AC_MSG_ERROR([--enable-lua-binding: modules are shared libraries, which --disable-shared leaves out])])
  enable_lua_binding=no
  ts_lua_binding_summary='no  (--disable-shared)'
])
AS_IF([test "x$enable_lua_binding" != xno], [
  AC_MSG_CHECKING([for the headers of Lua 5.4])
  ts_save_CPPFLAGS=$CPPFLAGS
  CPPFLAGS="$CPPFLAGS $LUA_CFLAGS"
  AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[#include <lua.h>
#if LUA_VERSION_NUM != 504
#error
#endif]])], [have_lua_binding=yes])
  CPPFLAGS=$ts_save_CPPFLAGS
  AC_MSG_RESULT([$have_lua_binding])
  AS_IF([test $have_lua_binding = yes],
    [AC_PATH_PROGS([LUA_INTERPRETER], [lua5.4 lua-5.4 lua])
     ts_lua_binding_summary="into $luacdir and $luadir"],
    [test "x$enable_lua_binding" = xyes],
    [AC_MSG_ERROR([--enable-lua-binding: the library's Lua is not 5.4])],
    [ts_lua_binding_summary="no  (the library's Lua is not 5.4)"])
])
AC_SUBST([luacdir])
AC_SUBST([luadir])
AM_CONDITIONAL([LUA_BINDING], [test $have_lua_binding = yes])
])
