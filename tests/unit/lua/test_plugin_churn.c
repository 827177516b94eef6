/* SPDX-License-Identifier: MIT */
/*
 * Hooks that waste time with what the library gives them: every kind of churn ends within the
 * deadline and 5 ms of CPU, patterns have a price, the log has a limit. The numbers are those of
 * the list of attacks that the plugin host must survive. CHECK_VERBOSE=1 shows how long each took.
 */
#include <unistd.h>
#include "base/limits.h"
#include "plugin_fixture.h"
#include "script.h"

/* The deadline and 5 ms. */
#define IN_TIME 25
static const plugin_limits deadline_alone = {.deadline_ms = 20, .instructions = 1000000000000};

static const rig_case refused[] = {
    {"('x'):rep(1 << 62)", "bad argument #1 to 'rep' (resulting string too large)"},
    {"(''):rep(math.maxinteger, 'x')", "resulting string too large"},
    {"table.move({}, 1, math.maxinteger, 2)", "too many elements to move"},
    {"table.unpack({}, 1, math.maxinteger)", "too many results to unpack"},
    {"table.concat({}, 'x', 1, math.maxinteger)", "invalid value (at index 1)"},
    {"table.insert({}, math.maxinteger, 1)", "position out of bounds"},
    {"table.remove({ 1, 2 }, math.maxinteger)", "position out of bounds"},
};

static void line_04_counts_beyond_all_bounds_are_argument_errors(void)
{
    CHECK_FAILURES(refused);
}

/* What lies about its length is as long as it is. */
static const rig_case liars[] = {
    {"table.concat(liar)", "12"},
    {"select('#', table.unpack(liar))", "2"},
    {"#liar", "1000000000"},
    {"table.remove(liar)", "2"},
    {"pcall(table.sort, liar)", "true"},
    {"pcall(table.insert, liar, 3)", "true"},
    {"#table.move(liar, 1, 2, 1, {})", "2"},
};

static void line_04_lying_lengths_cost_nothing(void)
{
    cleanup_rig rig rig = {0};
    size_t count = sizeof(liars) / sizeof(*liars);
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load_cases(&rig, "request",
                            "local liar = setmetatable({ 1, 2 }, { __len = function() return 1e9 "
                            "// 1 | 0 end }) thingspace.log((",
                            liars, count, "))"));
    for (size_t row = 0; row < count; row++) {
        char line[64];
        rig_pick(&rig, row);
        CHECK_OK(rig_run(&rig, PHASE_REQUEST));
        snprintf(line, sizeof(line), "p.lua: %s\n", liars[row].text);
        CHECK_TEXT(rig.logged, line);
    }
}

/* --- patterns --- */

static const rig_case expensive[] = {
    {"string.find(long, many .. 'b')", ""},          {"long:find(many .. 'b')", ""},
    {"string.match(long, '(.-)(.-)(.-)(.-)b')", ""}, {"long:gsub('.-.-.-b', '')", ""},
    {"for a in long:gmatch('.-.-.-b') do end", ""},
};

/* With time enough it is the price of the pattern that ends it. */
static void line_05_patterns_have_a_price(void)
{
    cleanup_rig rig rig = {0};
    size_t count = sizeof(expensive) / sizeof(*expensive);
    CHECK_OK(rig_begin(&rig));
    rig.row->limits = (plugin_limits){.deadline_ms = 5000, .instructions = 1000000000000};
    CHECK_OK(rig_load_cases(&rig, "request", "local long, many = ('a'):rep(200000), ('a*'):rep(20)",
                            expensive, count, ""));
    for (size_t row = 0; row < count; row++) {
        rig_pick(&rig, row);
        thingspace_status status = rig_run(&rig, PHASE_REQUEST);
        if (!check_report(status == THINGSPACE_PLUGIN && strstr(rig.error.message, "expensive"),
                          __FILE__, __LINE__, "%s: \"%s\"", expensive[row].code, rig.error.message))
            return;
    }
}

/* A long needle costs what both texts have in length, not their product. */
static void line_05_a_plain_search_costs_the_length_of_its_texts(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    rig.row->limits = (plugin_limits){.deadline_ms = 2000, .instructions = 1000000000000};
    CHECK_OK(rig_request(&rig, "local long = ('a'):rep(200000) for i = 1, 20 do\n"
                               "if long:find(long:sub(1, 100000) .. 'b', 1, true) then error() end "
                               "end thingspace.log('none')"));
    CHECK_TEXT(rig.logged, "p.lua: none\n");
}

/* --- churn --- */

#define LONG "local s = ('a'):rep(200000) "
#define HUGE "local s = ('a'):rep(1000000) "
/* A comparison goes from zero byte to zero byte. */
#define HUGE_ZEROS "local s = ('\\0'):rep(900000) local t = s .. 'b' s = s .. 'c' "
/* What reads numbers reads such a text to its end. */
#define NUMBERS      "local s, t = (' '):rep(250000) .. '65', {} for i = 1, 3900 do t[i] = s end "
#define HUGE_NUMBERS "local s, t = (' '):rep(1000000) .. '65', {} for i = 1, 3900 do t[i] = s end "
/* A plugin that may read bodies may hold a text of 1 MiB. What the machine of Lua does with it in
 * one instruction (a comparison, a key of a table) cannot be interrupted. */
static const rig_case huge[] = {
    {HUGE "while true do s:upper() end", ""},
    {HUGE "while true do s:reverse() end", ""},
    {HUGE "while true do s:sub(2) end", ""},
    {HUGE "while true do local t = s .. 'x' end", ""},
    {HUGE "local t = s .. 'b' s = s .. 'c' while true do local x = s < t, s < t, s < t, s < t end",
     ""},
    {HUGE "local t = s .. 'b' s = s .. 'c' while true do local x = s == t, s == t, s == t, s == t "
          "end",
     ""},
    {HUGE "while true do local t = { [s .. 'x'] = 1 } end", ""},
    {HUGE "while true do s:find('b', 1, true) end", ""},
    {HUGE "while true do pcall(s.gsub, s, 'b', '') end", ""},
    {HUGE "while true do pcall(string.format, '%s', s) end", ""},
    {HUGE "while true do utf8.len(s) end", ""},
    {HUGE "while true do thingspace.sha256(s) end", ""},
    {HUGE "while true do pcall(thingspace.base64, s:sub(1, 750000)) end", ""},
    {HUGE "while true do pcall(thingspace.json.encode, { s:sub(1, 900000) }) end", ""},
    {HUGE "while true do pcall(request.set_json, request, { s }) end", ""},
    {HUGE "while true do pcall(request.set_header, request, 'X', s) end", ""},
    {HUGE "while true do pcall(thingspace.log, s) end", ""},
    {HUGE "while true do pcall(thingspace.deny, s, s) end", ""},
    {HUGE "while true do pcall(error, s) end", ""},
    {HUGE "local t = {} while true do pcall(table.concat, { s, 'x' }) end", ""},
    {"local s = '[' .. ('1,'):rep(500000) .. '1]' while true do pcall(thingspace.json.decode, s) "
     "end",
     ""},
    {"local s = '\"' .. ('a'):rep(1000000) .. '\"' while true do thingspace.json.decode(s) end",
     ""},
    {"local t = {} for i = 1, 60000 do t[i] = i end while true do table.move(t, 1, 50000, 2) end",
     ""},
    {"local t = {} for i = 1, 30000 do t[i] = i end while true do t[#t + 1] = 1 for i = 1, 6e4 do "
     "t[i] = i end t = {} end",
     ""},
    {"local t = {} for i = 1, 30000 do t['k' .. i] = i end for k in pairs(t) do t[k] = nil end "
     "while true do next(t) end",
     ""},
    {"local t = {} for i = 1, 30000 do t[i] = i * 1.2345678901234567e-300 end "
     "while true do pcall(thingspace.json.encode, { t, t, t }) end",
     ""},
    {HUGE_NUMBERS "while true do pcall(math.max, table.unpack(t)) end", ""},
    {HUGE_NUMBERS "while true do pcall(math.min, table.unpack(t)) end", ""},
    {"local r = ('%1'):rep(400000) while true do ('x'):gsub('()', r, 1) end", ""},
    {HUGE_ZEROS "while true do local x = s < t end", ""},
    {HUGE_ZEROS "while true do local x = s < t and s < t and s < t and s < t end", ""},
    {"local keep = {} for i = 1, 100000 do keep = { keep, {} } end "
     "while true do pcall(string.rep, 'x', 2000000) end",
     ""},
    {"local s, t = ' ' .. ('\\xbf'):rep(1000000), {} for i = 1, 20000 do t[i] = s end "
     "local skip = utf8.codes(s) while true do pcall(table.sort, t, skip) end",
     ""},
};

static const rig_case churn[] = {
    {LONG "while true do s:upper() end", ""},
    {LONG "while true do s:lower() end", ""},
    {LONG "while true do s:reverse() end", ""},
    {LONG "while true do s:sub(2) end", ""},
    {LONG "while true do local t = s .. 'x' end", ""},
    {LONG "while true do local t = 'x' .. s .. 'y' .. call.account end", ""},
    {LONG "local t = s .. 'b' s = s .. 'c' while true do local x = s < t, s <= t, s > t end", ""},
    {LONG "local t = s .. 'b' s = s .. 'c' while true do local x = s == t, s == t, s == t end", ""},
    {LONG "while true do local t = { [s .. 'x'] = 1 } end", ""},
    {LONG "while true do local t = ('%s'):format(s) end", ""},
    {LONG "while true do s:gsub('b', '') end", ""},
    {LONG "while true do s:find('b', 1, true) end", ""},
    {LONG "while true do pcall(string.find, s, ('a*'):rep(20) .. 'b') end", ""},
    {LONG "while true do utf8.len(s) end", ""},
    {LONG "while true do thingspace.base64(s:sub(1, 150000)) end", ""},
    {LONG "while true do thingspace.sha256(s) end", ""},
    {LONG "while true do thingspace.hmac('k', s) end", ""},
    {LONG "while true do pcall(thingspace.json.encode, { s:sub(1, 100000) }) end", ""},
    {LONG "while true do thingspace.log(s) end", ""},
    {LONG "while true do pcall(thingspace.deny, s, s) end", ""},
    {LONG "while true do pcall(thingspace.url_matches, s, '*' .. s:sub(1, 1000)) end", ""},
    {LONG "while true do pcall(thingspace.take, s, 1, 1) end", ""},
    {LONG "while true do pcall(error, s) end", ""},
    {LONG "while true do pcall(request.set_query, request, 'a', s) end", ""},
    {LONG "while true do pcall(function() call.vars.x = s end) end", ""},
    {LONG "while true do pcall(request.set_json, request, { s }) end", ""},
    {"local t = {} for i = 1, 8000 do t[i] = 'abcdefgh' end while true do table.concat(t) end", ""},
    {"local t = {} for i = 1, 8000 do t[i] = i % 7 end while true do table.sort(t) end", ""},
    {"local t = {} for i = 1, 8000 do t[i] = i end while true do table.move(t, 1, 8000, 2) end",
     ""},
    {"local t = {} while true do for i = 1, 8000 do table.insert(t, 1, i) end t = {} end", ""},
    {"local t = {} for i = 1, 3900 do t[i] = i end while true do table.unpack(t) end", ""},
    {"local u = 'https://a.example/' while true do thingspace.url_matches(u .. ('a'):rep(4000), u "
     ".."
     " ('*a'):rep(500) .. 'b') end",
     ""},
    {"local s = '[' .. ('1,'):rep(90000) .. '1]' while true do pcall(thingspace.json.decode, s) "
     "end",
     ""},
    {"local s = ('['):rep(60) .. ('1,'):rep(50000) while true do pcall(thingspace.json.decode, s) "
     "end",
     ""},
    {NUMBERS "while true do pcall(string.char, table.unpack(t)) end", ""},
    {NUMBERS "while true do pcall(utf8.char, table.unpack(t)) end", ""},
    {NUMBERS "local f = ('%d'):rep(3900) while true do pcall(f.format, f, table.unpack(t)) end",
     ""},
    {"local s, t = ('\\0'):rep(250000), {} for i = 1, 8000 do t[i] = s end "
     "while true do table.sort(t) end",
     ""},
    {"local t = {} for i = 1, 1990 do t = setmetatable({}, { __index = t }) end "
     "local s = ('a'):rep(200000) while true do s:gsub('.', t) end",
     ""},
    {"local e = {} for i = 1, 8000 do e['k' .. i] = i end for k in pairs(e) do e[k] = nil end "
     "local t = {} for i = 1, 8000 do t[i] = e end "
     "while true do pcall(thingspace.json.encode, { t, t }) end",
     ""},
    {"while true do local t = { {}, {}, {}, {} } end", ""},
    {"while true do for k in pairs(thingspace.services) do local x = k end end", ""},
    {"while true do local x = call.tags, call.id, call.vars.x, request.path, request.method end",
     ""},
};

/* CPU time of one run that ended at its deadline, the best of ten; -1: it did something else. */
static double time_hook(rig *rig, phase phase, double most)
{
    double best = -1;
    for (int run = 0; run < 10 && (best < 0 || best > most * script_slowness()); run++) {
        rig->view.operation = "rest"; /* the state that was killed is made anew */
        while (rig_run(rig, phase) != THINGSPACE_OK) {
            if (!strstr(rig->error.message, "it rests for another"))
                return -1;
            usleep(10000);
        }
        rig->view.operation = "churn";
        double begin = script_cpu_ms();
        if (rig_run(rig, phase) != THINGSPACE_PLUGIN ||
            !strstr(rig->error.message, "ran over its deadline of 20 ms"))
            return -1;
        double took = script_cpu_ms() - begin;
        best = best < 0 || took < best ? took : best;
    }
    return best;
}

static bool ends_in_time(rig *rig, phase phase, const char *code, double most)
{
    double took = time_hook(rig, phase, most);
    if (getenv("CHECK_VERBOSE"))
        printf("# %6.2f ms: %s\n", took, code);
    return check_report(took >= 0 && took <= most * script_slowness(), __FILE__, __LINE__,
                        "%s: %.1f ms, \"%s\"", code, took, rig->error.message);
}

#define REST "if call.operation == 'rest' then return end "

static void end_in_time(const rig_case *rows, size_t count, double most)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    rig.row->limits = deadline_alone;
    CHECK_OK(rig_load_cases(&rig, "request", REST, rows, count, ""));
    for (size_t row = 0; row < count; row++) {
        rig_pick(&rig, row);
        if (!ends_in_time(&rig, PHASE_REQUEST, rows[row].code, most))
            return;
    }
}

static void line_06_churn_ends_at_the_deadline(void)
{
    end_in_time(churn, sizeof(churn) / sizeof(*churn), IN_TIME);
}

static void line_06_churn_of_those_who_may_hold_bodies_ends_too(void)
{
    end_in_time(huge, sizeof(huge) / sizeof(*huge), IN_TIME);
}

/* Small tables are looked through in one piece when memory runs out; so they are not kept. Without
 * the limit of what is kept, 40 MiB of them take 12 ms each time. */
static void line_06_what_is_kept_from_call_to_call_is_limited(void)
{
    static const char text[] = "local keep = {}\n" RIG_PLUGIN "request = function(call)\n"
                               "if call.operation == 'rest' then return end\n"
                               "for i = 1, 8000 do keep = { keep, {} } end end" RIG_END;
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    rig.row->limits = deadline_alone;
    CHECK_OK(rig_load(&rig, text));
    rig.view.operation = "churn";
    int runs = 0;
    while (runs < 40 && rig_run(&rig, PHASE_REQUEST) == THINGSPACE_OK)
        runs++;
    CHECK(runs >= 1 && runs <= 5);
    CHECK_TEXT(rig.error.message, "test: request hook: p.lua: the request hook ran out of memory "
                                  "(limit 4 MiB for what is kept from call to call)");
    rig.view.operation = "rest"; /* in a state that is made anew */
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
}

/* In one call there is room for what a body becomes; the operator may give it for longer. */
static void line_06_what_is_let_go_of_counts_for_one_call_alone(void)
{
    static const char more[] = "local keep = {}\n" RIG_PLUGIN "request = function(call)\n"
                               "keep = {} for i = 1, 60000 do keep[i] = { i } end end" RIG_END;
    static const char text[] = RIG_REQUEST("local t = {} for i = 1, 60000 do t[i] = { i } end");
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    rig.row->limits = (plugin_limits){.deadline_ms = 2000};
    CHECK_OK(rig_load(&rig, text));
    for (int i = 0; i < 3; i++)
        CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    rig.row->limits.memory_bytes = (size_t)32 << 20;
    CHECK_OK(rig_load(&rig, more));
    for (int i = 0; i < 3; i++)
        CHECK_OK(rig_run(&rig, PHASE_REQUEST));
}

/* What only other phases offer. */
static const struct {
    const char *hook, *code;
    phase phase;
} elsewhere[] = {
    {"check", "while true do it:text() end", PHASE_CHECK},
    {"check", "while true do pcall(it.set_header, it, 'X', 'y') end", PHASE_CHECK},
    {"response", "while true do it:json() it:text() end", PHASE_RESPONSE},
    {"response", "while true do pcall(it.set_header, it, 'X-A', 'b') end", PHASE_RESPONSE},
    {"response", "local s = ('a'):rep(100000) while true do pcall(it.set_json, it, { s }) end",
     PHASE_RESPONSE},
    {"audit", "while true do local x = call.attempts, call.changes, call.message end", PHASE_AUDIT},
    {"message", "while true do it:json() it:header('X') end", PHASE_MESSAGE},
};

static void line_06_the_hooks_of_every_phase_have_a_deadline(void)
{
    for (size_t i = 0; i < sizeof(elsewhere) / sizeof(*elsewhere); i++) {
        cleanup_rig rig rig = {0};
        char text[1024];
        CHECK_OK(rig_begin(&rig));
        rig.row->limits = deadline_alone;
        snprintf(text, sizeof(text), RIG_PLUGIN "%s = function(call, it) " REST "%s end" RIG_END,
                 elsewhere[i].hook, elsewhere[i].code);
        CHECK_OK(rig_load(&rig, text));
        rig.instances[0]->required = true;
        if (!ends_in_time(&rig, elsewhere[i].phase, elsewhere[i].code, IN_TIME))
            return;
    }
}

/* It is read anew each time, and the half of 8 MiB takes 4 ms. */
static void line_06_an_answer_that_cannot_be_read_ends_too(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    rig.row->limits = deadline_alone;
    rig.response.body.size = 0;
    buffer_append_byte(&rig.response.body, '[');
    while (rig.response.body.size < LIMIT_RESPONSE_BODY / 2)
        buffer_append_text(&rig.response.body, "[1.5e-300],");
    CHECK_OK(rig.response.body.status);
    CHECK_OK(rig_load(&rig, RIG_PLUGIN "response = function(call, it) " REST
                                       "while true do pcall(it.json, it) end end" RIG_END));
    ends_in_time(&rig, PHASE_RESPONSE, "json of an answer that is none", IN_TIME);
}

/* --- the log --- */

static unsigned count_lines(const char *text)
{
    unsigned count = 0;
    for (; *text; text++)
        count += *text == '\n';
    return count;
}

static void line_07_a_thousand_log_lines_become_twenty(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, RIG_REQUEST("for i = 1, 1000 do thingspace.log('line', i) end")));
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK_INT(count_lines(rig.logged), 21);
    CHECK(strstr(rig.logged, "p.lua: line 20\n") != NULL);
    CHECK(strstr(rig.logged, "980 suppressed\n") != NULL);
}

static void line_07_a_long_log_line_is_cut_and_escaped(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(
        rig_load(&rig, RIG_REQUEST("thingspace.log(('\\27['):rep(50000), '\\nforged: line')")));
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK_INT(count_lines(rig.logged), 1);
    CHECK(strlen(rig.logged) <= LIMIT_LOG_LINE + 1);
    CHECK(strchr(rig.logged, '\033') == NULL);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(line_04_counts_beyond_all_bounds_are_argument_errors),
    CHECK_CASE(line_04_lying_lengths_cost_nothing),
    CHECK_CASE_ONCE(line_05_patterns_have_a_price),
    CHECK_CASE_ONCE(line_05_a_plain_search_costs_the_length_of_its_texts),
    CHECK_CASE_ONCE(line_06_churn_ends_at_the_deadline),
    CHECK_CASE_ONCE(line_06_churn_of_those_who_may_hold_bodies_ends_too),
    CHECK_CASE_ONCE(line_06_what_is_kept_from_call_to_call_is_limited),
    CHECK_CASE_ONCE(line_06_what_is_let_go_of_counts_for_one_call_alone),
    CHECK_CASE_ONCE(line_06_the_hooks_of_every_phase_have_a_deadline),
    CHECK_CASE_ONCE(line_06_an_answer_that_cannot_be_read_ends_too),
    CHECK_CASE(line_07_a_thousand_log_lines_become_twenty),
    CHECK_CASE(line_07_a_long_log_line_is_cut_and_escaped),
};

CHECK_MAIN(cases)
