-- SPDX-License-Identifier: MIT
-- luarocks make bindings/lua/thingspace-dev-1.rockspec: builds the binding in this checkout against
-- a libthingspace that is installed.
rockspec_format = "3.0"
package = "thingspace"
version = "dev-1"
source = { url = "git+file://." }
description = {
  summary = "Callback listeners of Verizon ThingSpace: register, plan, apply",
  license = "MIT",
}
dependencies = { "lua >= 5.4, < 5.6" }
external_dependencies = {
  THINGSPACE = { header = "thingspace/thingspace.h", library = "thingspace" },
}
build = {
  type = "builtin",
  modules = {
    thingspace = "bindings/lua/thingspace.lua",
    ["thingspace.core"] = {
      sources = {
        "bindings/lua/apply.c",
        "bindings/lua/audience.c",
        "bindings/lua/box.c",
        "bindings/lua/client.c",
        "bindings/lua/errors.c",
        "bindings/lua/handle.c",
        "bindings/lua/holder.c",
        "bindings/lua/hook.c",
        "bindings/lua/import.c",
        "bindings/lua/interrupt.c",
        "bindings/lua/json_read.c",
        "bindings/lua/json_write.c",
        "bindings/lua/loop.c",
        "bindings/lua/lost.c",
        "bindings/lua/members.c",
        "bindings/lua/message.c",
        "bindings/lua/module.c",
        "bindings/lua/options.c",
        "bindings/lua/plan.c",
        "bindings/lua/policy.c",
        "bindings/lua/request.c",
        "bindings/lua/resume.c",
        "bindings/lua/secret.c",
        "bindings/lua/table.c",
        "bindings/lua/task.c",
        "bindings/lua/tools.c",
        "bindings/lua/verdict.c",
      },
      libraries = { "thingspace" },
      incdirs = { "$(THINGSPACE_INCDIR)" },
      libdirs = { "$(THINGSPACE_LIBDIR)" },
    },
  },
}
