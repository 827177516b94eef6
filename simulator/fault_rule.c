/* SPDX-License-Identifier: MIT */
/* See fault_rule.h; the words are described in <thingspace/simulator.h>. */
#include <config.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "fault_rule.h"
#include "limits.h"
#include "sister.h"

typedef enum word_kind {
    WORD_FLAG,
    WORD_NUMBER,
    WORD_TEXT,
    WORD_HEADER,
    WORD_REDIRECT,
    WORD_CHANCE,
    WORD_EXPIRE
} word_kind;

static const struct word {
    const char *name;
    word_kind kind;
    size_t offset;
    long long least;
    long long most;
} words[] = {
    {"status", WORD_NUMBER, offsetof(fault_rule, status), 200, 599},
    {"body", WORD_TEXT, offsetof(fault_rule, body), 0, 0},
    {"garbage", WORD_FLAG, offsetof(fault_rule, garbage), 0, 0},
    {"huge", WORD_NUMBER, offsetof(fault_rule, huge), 0, LIMIT_SIM_HUGE},
    {"redirect", WORD_REDIRECT, offsetof(fault_rule, location), 0, 0},
    {"close", WORD_FLAG, offsetof(fault_rule, close), 0, 0},
    {"reset", WORD_FLAG, offsetof(fault_rule, reset), 0, 0},
    {"raw", WORD_TEXT, offsetof(fault_rule, raw), 0, 0},
    {"header", WORD_HEADER, offsetof(fault_rule, headers), 0, 0},
    {"delay", WORD_NUMBER, offsetof(fault_rule, delay_ms), 0, LIMIT_SIM_DELAY_MS},
    {"cut", WORD_NUMBER, offsetof(fault_rule, cut), 0, LIMIT_SIM_HUGE},
    {"drip", WORD_NUMBER, offsetof(fault_rule, drip), 1, LIMIT_SIM_HUGE},
    {"after", WORD_FLAG, offsetof(fault_rule, after), 0, 0},
    {"expire", WORD_EXPIRE, 0, 0, 0},
    {"chance", WORD_CHANCE, offsetof(fault_rule, chance), 1, FAULT_CERTAIN},
    {"times", WORD_NUMBER, offsetof(fault_rule, times), 1, LIMIT_SIM_HUGE},
    {"skip", WORD_NUMBER, offsetof(fault_rule, skip), 0, LIMIT_SIM_HUGE},
};

static char unescape(char letter)
{
    switch (letter) {
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return letter;
    }
}

/* Copies what is between quotes; stops at the closing one. */
static void read_quoted(buffer *out, const char **cursor)
{
    for (++*cursor; **cursor && **cursor != '"'; ++*cursor) {
        bool escaped = **cursor == '\\' && (*cursor)[1];
        *cursor += escaped;
        buffer_append_byte(out, escaped ? unescape(**cursor) : **cursor);
    }
}

/* The next word without its quotes; `*out` NULL at
 * the end. Expected: MEMORY, USAGE (open quote). */
static thingspace_status next_word(char **out, const char **cursor, thingspace_error *error)
{
    cleanup_buffer buffer word;
    buffer_init(&word, LIMIT_SIM_FAULT_BYTES);
    *cursor += strspn(*cursor, " \t");
    *out = NULL;
    if (**cursor == '\0')
        return THINGSPACE_OK;
    for (; **cursor && !strchr(" \t", **cursor); ++*cursor) {
        if (**cursor != '"')
            buffer_append_byte(&word, **cursor);
        else
            read_quoted(&word, cursor);
        if (**cursor == '\0')
            return error_set(error, THINGSPACE_USAGE, "a quote is open at the end: close it");
    }
    if (word.status)
        return error_memory(error);
    *out = text_copy(buffer_text(&word));
    return *out ? THINGSPACE_OK : error_memory(error);
}

static const struct word *find_word(const char *text, size_t length)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strlen(words[i].name) == length && strncmp(words[i].name, text, length) == 0)
            return &words[i];
    return NULL;
}

static thingspace_status set_number(fault_rule *rule, const struct word *word, const char *value,
                                    thingspace_error *error)
{
    long long number;
    if (!value || !text_to_integer(value, &number) || number < word->least || number > word->most)
        return error_set(error, THINGSPACE_USAGE, "%s needs a number from %lld to %lld", word->name,
                         word->least, word->most);
    *(long long *)((char *)rule + word->offset) = number;
    return THINGSPACE_OK;
}

static thingspace_status set_text(fault_rule *rule, const struct word *word, const char *value,
                                  thingspace_error *error)
{
    char **member = (char **)((char *)rule + word->offset);
    if (!value)
        return error_set(error, THINGSPACE_USAGE, "%s needs a value: %s=TEXT", word->name,
                         word->name);
    free(*member);
    *member = text_copy(value);
    return *member ? THINGSPACE_OK : error_memory(error);
}

static thingspace_status set_redirect(fault_rule *rule, const struct word *word, const char *value,
                                      thingspace_error *error)
{
    rule->redirect = true;
    return set_text(rule, word, value ? value : "/elsewhere", error);
}

/* "5%", "0.5%", "0.05": a number with up to six digits after its point, whatever the locale. */
static bool read_share(const char *text, long long *out)
{
    size_t whole = strspn(text, "0123456789");
    const char *rest = text + whole;
    size_t digits = *rest == '.' ? strspn(rest + 1, "0123456789") : 0;
    long long value = 0, unit = FAULT_CERTAIN;
    if (whole < 1 || whole > 3 || digits > 6 || (*rest == '.' && digits == 0))
        return false;
    for (size_t i = 0; i < whole; i++)
        value = value * 10 + (text[i] - '0');
    value *= unit;
    for (size_t i = 0; i < digits; i++)
        value += (rest[1 + i] - '0') * (unit /= 10);
    rest += digits ? digits + 1 : 0;
    *out = *rest == '%' ? value / 100 : value;
    return *rest == '\0' || text_equal(rest, "%");
}

static thingspace_status set_chance(fault_rule *rule, const struct word *word, const char *value,
                                    thingspace_error *error)
{
    if (value && read_share(value, &rule->chance) && rule->chance >= word->least &&
        rule->chance <= word->most)
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_USAGE,
                     "chance needs a share of all matches: chance=5%% or chance=0.05");
}

static thingspace_status set_expire(fault_rule *rule, const char *value, thingspace_error *error)
{
    bool bearer = text_equal(value, "bearer");
    if (!bearer && !text_equal(value, "session"))
        return error_set(error, THINGSPACE_USAGE, "expire needs what ends: bearer or session");
    *(bearer ? &rule->expire_bearer : &rule->expire_session) = true;
    return THINGSPACE_OK;
}

/* What MHD would refuse to send is refused here, where somebody reads it. */
static bool is_sendable(const char *name, const char *value)
{
    if (!*name || strpbrk(name, " \t\"(),/;<=>?@[\\]{}") || !*value)
        return false;
    return !text_has_control(name) && !text_has_control(value) &&
           !text_equal_ignoring_case(name, "Content-Length") &&
           !text_equal_ignoring_case(name, "Transfer-Encoding");
}

static thingspace_status add_header(fault_rule *rule, const char *value, thingspace_error *error)
{
    const char *colon = value ? strchr(value, ':') : NULL;
    const char *content = colon ? colon + 1 + strspn(colon + 1, " ") : NULL;
    cleanup_text char *name = colon ? text_copy_range(value, (size_t)(colon - value)) : NULL;
    if (!colon)
        return error_set(error, THINGSPACE_USAGE, "header needs NAME:VALUE");
    if (!name)
        return error_memory(error);
    if (!is_sendable(name, content))
        return error_set(error, THINGSPACE_USAGE,
                         "this header cannot be sent: give a plain name and value, and raw= for "
                         "Content-Length and Transfer-Encoding");
    thingspace_status status = pairs_add(&rule->headers, name, content);
    if (status == THINGSPACE_MEMORY)
        return error_memory(error);
    return status ? error_set(error, THINGSPACE_USAGE, "too many headers") : THINGSPACE_OK;
}

static thingspace_status set_flag(fault_rule *rule, const struct word *word, const char *value,
                                  thingspace_error *error)
{
    if (value)
        return error_set(error, THINGSPACE_USAGE, "%s takes no value", word->name);
    *(bool *)((char *)rule + word->offset) = true;
    return THINGSPACE_OK;
}

static thingspace_status take_word(fault_rule *rule, const char *text, thingspace_error *error)
{
    size_t length = strcspn(text, "=");
    const char *value = text[length] ? text + length + 1 : NULL;
    const struct word *word = find_word(text, length);
    if (!word)
        return error_set(error, THINGSPACE_USAGE, "unknown word \"%.40s\": see the list of faults",
                         text);
    switch (word->kind) {
    case WORD_FLAG:
        return set_flag(rule, word, value, error);
    case WORD_NUMBER:
        return set_number(rule, word, value, error);
    case WORD_TEXT:
        return set_text(rule, word, value, error);
    case WORD_HEADER:
        return add_header(rule, value, error);
    case WORD_REDIRECT:
        return set_redirect(rule, word, value, error);
    case WORD_CHANCE:
        return set_chance(rule, word, value, error);
    case WORD_EXPIRE:
        return set_expire(rule, value, error);
    }
    return THINGSPACE_OK;
}

static bool is_pattern(const fault_rule *rule)
{
    return rule->method && rule->path && (rule->path[0] == '/' || rule->path[0] == '*');
}

static thingspace_status read_words(fault_rule *rule, thingspace_error *error)
{
    const char *cursor = rule->text;
    thingspace_status status = next_word(&rule->method, &cursor, error);
    if (!status)
        status = next_word(&rule->path, &cursor, error);
    if (!status && !is_pattern(rule))
        return error_set(error, THINGSPACE_USAGE,
                         "a fault begins with METHOD PATH: `POST /callbacks/* status=503`");
    while (!status) {
        cleanup_text char *word = NULL;
        status = next_word(&word, &cursor, error);
        if (status || !word)
            return status;
        status = take_word(rule, word, error);
    }
    return status;
}

static fault_rule *new_rule(const char *text)
{
    fault_rule *rule = calloc(1, sizeof(*rule));
    if (!rule)
        return NULL;
    rule->status = rule->huge = rule->delay_ms = rule->cut = rule->drip = -1;
    rule->times = rule->skip = rule->chance = -1;
    atomic_init(&rule->references, 1);
    rule->text = text_copy(text);
    if (rule->text)
        return rule;
    free(rule);
    return NULL;
}

thingspace_status fault_rule_parse(fault_rule **out, const char *text, thingspace_error *error)
{
    if (strlen(text) >= LIMIT_SIM_FAULT_BYTES)
        return error_set(error, THINGSPACE_USAGE, "the fault is longer than %d bytes: shorten it",
                         LIMIT_SIM_FAULT_BYTES);
    fault_rule *rule = new_rule(text);
    if (!rule)
        return error_memory(error);
    thingspace_status status = read_words(rule, error);
    if (!status && !text_is_utf8(text, strlen(text)))
        status = error_set(error, THINGSPACE_USAGE, "the fault is not UTF-8: write it so");
    if (status) {
        error_prefix(error, "fault");
        fault_rule_release(rule);
        return status;
    }
    *out = rule;
    return THINGSPACE_OK;
}

fault_rule *fault_rule_ref(fault_rule *rule)
{
    atomic_fetch_add(&rule->references, 1);
    return rule;
}

void fault_rule_release(fault_rule *rule)
{
    if (!rule || atomic_fetch_sub(&rule->references, 1) != 1)
        return;
    free(rule->text);
    free(rule->method);
    free(rule->path);
    free(rule->body);
    free(rule->location);
    free(rule->raw);
    pairs_forget(&rule->headers);
    free(rule);
}

/* The path as operators write it: without the base of the API. */
static const char *skip_base(const char *path)
{
    static const char *const bases[] = {"/api/m2m/v1", "/api/ts/v1"};
    for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++)
        if (text_starts_with(path, bases[i]))
            return path + strlen(bases[i]);
    return path + sister_base_size(path);
}

bool fault_rule_matches(const fault_rule *rule, const char *method, const char *path)
{
    return text_matches(method, rule->method) &&
           (text_matches(path, rule->path) || text_matches(skip_base(path), rule->path));
}

bool fault_rule_replaces(const fault_rule *rule)
{
    return !rule->after && (rule->status >= 0 || rule->body || rule->garbage || rule->huge >= 0 ||
                            rule->redirect || rule->close || rule->reset || rule->raw);
}

static const char *guess_type(const char *body)
{
    if (body[0] == '{' || body[0] == '[')
        return "application/json";
    return body[0] == '<' ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
}

static thingspace_status replace_body(const fault_rule *rule, struct answer *answer)
{
    static const char noise[] = "\x89\xff\xfe{\"\x80\x01\x02 not an answer";
    if (rule->garbage)
        return buffer_append(&answer->body, noise, sizeof(noise) - 1);
    if (!rule->body)
        return THINGSPACE_OK;
    answer->content_type = guess_type(rule->body);
    return buffer_append_text(&answer->body, rule->body);
}

static int replace_status(const fault_rule *rule)
{
    if (rule->status >= 0)
        return (int)rule->status;
    return rule->redirect ? 302 : 200;
}

thingspace_status fault_rule_apply(const fault_rule *rule, struct answer *answer)
{
    thingspace_status status = THINGSPACE_OK;
    if (rule->status >= 0 || rule->body || rule->garbage || rule->huge >= 0 || rule->redirect) {
        status = answer_empty(answer, replace_status(rule));
        if (!status)
            status = replace_body(rule, answer);
    }
    if (!status && rule->redirect)
        status = pairs_add(&answer->headers, "Location", rule->location);
    for (size_t i = 0; !status && i < rule->headers.count; i++)
        status =
            pairs_add(&answer->headers, rule->headers.items[i].name, rule->headers.items[i].value);
    return status;
}
