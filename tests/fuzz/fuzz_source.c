/* SPDX-License-Identifier: MIT */
/*
 * Whatever the text of a plugin, the check ends, runs nothing and reports findings in order; and
 * what Lua compiles, the parser takes.
 */
#include <config.h>
#include "base/limits.h"
#include "base/text.h"
#include "fuzz.h"
#include "lua/runtime/runtime.h"
#include "lua/source/check.h"
#include "lua/source/parser.h"

static void check_finding(const json *finding, long long *line)
{
    long long at = 0;
    const char *severity = json_get_string(finding, "severity");
    PROMISE(json_integer(json_get(finding, "line"), &at) && at >= *line);
    PROMISE(text_equal(severity, "error") || text_equal(severity, "warning"));
    PROMISE(json_get_string(finding, "rule") &&
            !text_is_empty(json_get_string(finding, "message")));
    PROMISE(!text_has_control(json_get_string(finding, "message")));
    *line = at;
}

/* Whether a finding says that the text does not compile. */
static bool check_findings(const json *findings)
{
    long long line = 0;
    bool wrong = false;
    for (const json *finding = json_first(findings); finding; finding = json_next(finding)) {
        check_finding(finding, &line);
        wrong = wrong || text_equal(json_get_string(finding, "rule"), "syntax");
    }
    PROMISE(!wrong || json_count(findings) == 1);
    return wrong;
}

static bool is_compiled(const char *text, size_t size)
{
    runtime *runtime = NULL;
    PROMISE(runtime_new(&runtime, "x.lua", NULL) == THINGSPACE_OK);
    bool good = runtime_compile(runtime, text, size, &limits_configure, NULL) == THINGSPACE_OK;
    runtime_free(runtime);
    return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json *checked = NULL;
    source_tree *tree = NULL;
    char *text = fuzz_text(data, size);
    PROMISE(source_check(&checked, "x.lua", text, size, NULL) == THINGSPACE_OK);
    bool compiled = is_compiled(text, size);
    PROMISE(check_findings(json_get(checked, "findings")) == !compiled);
    bool parsed = source_parse(&tree, text, size, NULL) == THINGSPACE_OK;
    PROMISE(parsed || !compiled);
    source_tree_free(tree);
    json_free(checked);
    free(text);
    return 0;
}
