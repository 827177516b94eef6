/* SPDX-License-Identifier: MIT */
/* Its entry is something else. */
extern __attribute__((visibility("default"))) const char thingspace_plugin_entry[];
const char thingspace_plugin_entry[] = "this is not what you are looking for, by no means";
