/* SPDX-License-Identifier: MIT */
/*
 * Whatever the text of a policy, loading it ends, fails with a message, and reads no file.
 */
#include <config.h>
#include "fuzz.h"
#include "lua/policy/policy_script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    policy *made = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    char *text = fuzz_text(data, size);
    thingspace_status status = policy_script_load_text(&made, "x.lua", text, NULL, NULL, &error);
    PROMISE(status == THINGSPACE_OK || status == THINGSPACE_POLICY || status == THINGSPACE_USAGE);
    PROMISE((status == THINGSPACE_OK) == (made != NULL));
    PROMISE(made || error.message[0]);
    policy_free(made);
    free(text);
    return 0;
}
