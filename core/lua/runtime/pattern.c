/* SPDX-License-Identifier: MIT */
/*
 * See pattern.h. A backtracking matcher: `match_here` walks over the pattern's items and calls
 * itself only where it may have to come back. A failure (malformed, too expensive) is kept in
 * `error`, and every level gives up once it is set. Letters and digits are those of ASCII.
 */
#include <config.h>
#include <string.h>
#include "lua/runtime/limits.h"
#include "lua/runtime/pattern.h"

#define REPORT_STEPS 4096

static const char *match_here(pattern *m, const char *s, const char *p);

static const char *fail(pattern *m, const char *message)
{
    if (!m->error)
        m->error = message;
    return NULL;
}

static bool spend(pattern *m, size_t steps)
{
    if (m->error)
        return false;
    if (steps > m->budget) {
        fail(m, "pattern too expensive");
        return false;
    }
    m->budget -= steps;
    m->unreported += steps;
    if (m->unreported >= REPORT_STEPS && m->report) {
        size_t reported = m->unreported;
        m->unreported = 0;
        m->report(m->user, reported);
    }
    return true;
}

static bool in_range(unsigned char c, char low, char high)
{
    return c >= (unsigned char)low && c <= (unsigned char)high;
}

static bool is_letter(unsigned char c)
{
    return in_range(c | 0x20, 'a', 'z');
}

static bool is_digit(unsigned char c)
{
    return in_range(c, '0', '9');
}

static bool is_printed(unsigned char c)
{
    return in_range(c, '!', '~');
}

/* Whether `c` is of the class that the lower-case
 * letter names; *known is false for other letters. */
static bool is_of_class(unsigned char c, char letter, bool *known)
{
    switch (letter) {
    case 'a':
        return is_letter(c);
    case 'c':
        return c < 0x20 || c == 0x7f;
    case 'd':
        return is_digit(c);
    case 'g':
        return is_printed(c);
    case 'l':
        return in_range(c, 'a', 'z');
    case 'p':
        return is_printed(c) && !is_letter(c) && !is_digit(c);
    case 's':
        return c == ' ' || in_range(c, '\t', '\r');
    case 'u':
        return in_range(c, 'A', 'Z');
    case 'w':
        return is_letter(c) || is_digit(c);
    case 'x':
        return is_digit(c) || in_range(c | 0x20, 'a', 'f');
    case 'z':
        return c == 0;
    default:
        *known = false;
        return false;
    }
}

/* After '%': a class in lower case, its complement in upper case, or the character itself. */
static bool matches_class(unsigned char c, unsigned char name)
{
    bool known = true;
    bool upper = in_range(name, 'A', 'Z');
    bool member = is_of_class(c, (char)(upper ? name | 0x20 : name), &known);
    if (!known)
        return c == name;
    return member != upper;
}

/* Past a set that begins at `p`, just after its '['; NULL when it does not end. */
static const char *set_end(pattern *m, const char *p)
{
    if (p < m->text_end && *p == '^')
        p++;
    bool first = true; /* a ']' in the first place stands for itself */
    for (;; first = false) {
        if (p >= m->text_end)
            return fail(m, "malformed pattern (missing ']')");
        if (!first && *p == ']')
            return p + 1;
        if (*p++ == '%' && p < m->text_end)
            p++;
    }
}

/* Past the single-character item at `p`. */
static const char *item_end(pattern *m, const char *p)
{
    char c = *p++;
    if (c == '[')
        return set_end(m, p);
    if (c != '%')
        return p;
    if (p >= m->text_end)
        return fail(m, "malformed pattern (ends with '%')");
    return p + 1;
}

/* Whether `c` is in the set between `p` (at its '[') and `last` (at its ']'). */
static bool matches_set(unsigned char c, const char *p, const char *last)
{
    bool member = true;
    if (p[1] == '^') {
        member = false;
        p++;
    }
    for (p++; p < last; p++) {
        if (*p == '%') {
            p++;
            if (matches_class(c, (unsigned char)*p))
                return member;
        } else if (p + 2 < last && p[1] == '-') {
            if (in_range(c, p[0], p[2]))
                return member;
            p += 2;
        } else if ((unsigned char)*p == c) {
            return member;
        }
    }
    return !member;
}

static bool matches_item(unsigned char c, const char *p, const char *end)
{
    switch (*p) {
    case '.':
        return true;
    case '%':
        return matches_class(c, (unsigned char)p[1]);
    case '[':
        return matches_set(c, p, end - 1);
    default:
        return (unsigned char)*p == c;
    }
}

/* Whether the item matches the character at `s`; a long set costs its length. */
static bool matches_one(pattern *m, const char *s, const char *p, const char *end)
{
    if (!spend(m, (size_t)(end - p)))
        return false;
    return s < m->subject_end && matches_item((unsigned char)*s, p, end);
}

/* %b: the text from an opening character to its closing one. */
static const char *match_balance(pattern *m, const char *s, const char *p)
{
    if (m->text_end - p < 4)
        return fail(m, "malformed pattern (missing arguments to '%b')");
    if (s >= m->subject_end || *s != p[2])
        return NULL;
    size_t open = 1;
    for (s++; s < m->subject_end; s++) {
        if (!spend(m, 1))
            return NULL;
        if (*s == p[3]) {
            if (--open == 0)
                return s + 1;
        } else if (*s == p[2]) {
            open++;
        }
    }
    return NULL;
}

/* %f: a border between outside and inside of the set; both ends of the subject count as NUL. */
static bool is_frontier(pattern *m, const char *s, const char *set, const char *end)
{
    if (!spend(m, (size_t)(end - set)))
        return false;
    unsigned char before = s == m->subject ? 0 : (unsigned char)s[-1];
    unsigned char here = s < m->subject_end ? (unsigned char)*s : 0;
    return !matches_set(before, set, end - 1) && matches_set(here, set, end - 1);
}

/* Past the frontier item at `p` when it matches; NULL otherwise. */
static const char *match_frontier(pattern *m, const char *s, const char *p)
{
    const char *set = p + 2;
    if (set >= m->text_end || *set != '[')
        return fail(m, "missing '[' after '%f' in pattern");
    const char *end = item_end(m, set);
    return end && is_frontier(m, s, set, end) ? end : NULL;
}

static const char *const invalid_index[] = {
    "invalid capture index %0", "invalid capture index %1", "invalid capture index %2",
    "invalid capture index %3", "invalid capture index %4", "invalid capture index %5",
    "invalid capture index %6", "invalid capture index %7", "invalid capture index %8",
    "invalid capture index %9",
};

/* %1 to %9: the text of a capture once more. */
static const char *match_back(pattern *m, const char *s, char digit)
{
    unsigned index = (unsigned)(digit - '1');
    if (digit == '0' || index >= m->count || m->capture[index].size == PATTERN_OPEN)
        return fail(m, invalid_index[digit - '0']);
    ptrdiff_t size = m->capture[index].size;
    if (size < 0 || size > m->subject_end - s || !spend(m, (size_t)size))
        return NULL;
    return memcmp(m->capture[index].start, s, (size_t)size) == 0 ? s + size : NULL;
}

static const char *match_opening(pattern *m, const char *s, const char *p)
{
    bool position = p + 1 < m->text_end && p[1] == ')';
    if (m->count >= PATTERN_CAPTURES)
        return fail(m, "too many captures");
    m->capture[m->count++] = (pattern_capture){s, position ? PATTERN_POSITION : PATTERN_OPEN};
    const char *end = match_here(m, s, p + (position ? 2 : 1));
    if (!end)
        m->count--;
    return end;
}

static const char *match_closing(pattern *m, const char *s, const char *p)
{
    unsigned index = m->count;
    while (index > 0 && m->capture[index - 1].size != PATTERN_OPEN)
        index--;
    if (index == 0)
        return fail(m, "invalid pattern capture");
    pattern_capture *capture = &m->capture[index - 1];
    capture->size = s - capture->start;
    const char *end = match_here(m, s, p + 1);
    if (!end)
        capture->size = PATTERN_OPEN;
    return end;
}

/* As many as possible, then fewer; at least `least`. */
static const char *match_greedy(pattern *m, const char *s, const char *p, const char *end,
                                size_t least)
{
    size_t count = 0;
    while (matches_one(m, s + count, p, end))
        count++;
    for (size_t n = count + 1; n-- > least;) {
        const char *found = match_here(m, s + n, end + 1);
        if (found || m->error)
            return found;
    }
    return NULL;
}

/* As few as possible, then more. */
static const char *match_lazy(pattern *m, const char *s, const char *p, const char *end)
{
    for (;; s++) {
        const char *found = match_here(m, s, end + 1);
        if (found || !matches_one(m, s, p, end))
            return found;
    }
}

typedef enum step_result {
    STEP_OVER,   /* *s and *p moved on */
    STEP_RETURN, /* *s is the answer */
} step_result;

static step_result give(const char **s, const char *answer)
{
    *s = answer;
    return STEP_RETURN;
}

/* A single-character item with what may follow it. */
static step_result step_item(pattern *m, const char **s, const char **p)
{
    const char *end = item_end(m, *p);
    if (!end)
        return give(s, NULL);
    char suffix = end < m->text_end ? *end : '\0';
    if (suffix == '*' || suffix == '+')
        return give(s, match_greedy(m, *s, *p, end, suffix == '+'));
    if (suffix == '-')
        return give(s, match_lazy(m, *s, *p, end));
    bool matched = matches_one(m, *s, *p, end);
    if (suffix == '?') {
        const char *found = matched ? match_here(m, *s + 1, end + 1) : NULL;
        if (found)
            return give(s, found);
        *p = end + 1;
        return m->error ? give(s, NULL) : STEP_OVER;
    }
    if (!matched)
        return give(s, NULL);
    (*s)++;
    *p = end;
    return STEP_OVER;
}

/* What begins with '%': balance, frontier, back reference; anything else is a single character. */
static step_result step_percent(pattern *m, const char **s, const char **p)
{
    char kind = *p + 1 < m->text_end ? (*p)[1] : '\0';
    if (kind == 'f') {
        const char *next = match_frontier(m, *s, *p);
        *p = next;
        return next ? STEP_OVER : give(s, NULL);
    }
    if (kind != 'b' && !is_digit((unsigned char)kind))
        return step_item(m, s, p);
    *s = kind == 'b' ? match_balance(m, *s, *p) : match_back(m, *s, kind);
    *p += kind == 'b' ? 4 : 2;
    return *s ? STEP_OVER : STEP_RETURN;
}

static step_result step(pattern *m, const char **s, const char **p)
{
    switch (**p) {
    case '(':
        return give(s, match_opening(m, *s, *p));
    case ')':
        return give(s, match_closing(m, *s, *p));
    case '%':
        return step_percent(m, s, p);
    case '$':
        if (*p + 1 == m->text_end)
            return give(s, *s == m->subject_end ? *s : NULL);
        return step_item(m, s, p);
    default:
        return step_item(m, s, p);
    }
}

/* The end of the match of the pattern from `p` with the subject from `s`; NULL: none. */
static const char *match_here(pattern *m, const char *s, const char *p)
{
    if (m->depth == 0)
        return fail(m, "pattern too complex");
    m->depth--;
    while (p < m->text_end) {
        if (!spend(m, 1)) {
            s = NULL;
            break;
        }
        if (step(m, &s, &p) == STEP_RETURN)
            break;
    }
    m->depth++;
    return s;
}

void pattern_init(pattern *pattern, const char *subject, size_t subject_size, const char *text,
                  size_t text_size, bool anchor)
{
    memset(pattern, 0, sizeof(*pattern));
    pattern->subject = pattern->next = subject;
    pattern->subject_end = subject + subject_size;
    pattern->anchored = anchor && text_size > 0 && text[0] == '^';
    pattern->text = text + pattern->anchored;
    pattern->text_end = text + text_size;
    pattern->budget = RUNTIME_PATTERN_STEPS;
}

static bool match_at(pattern *m, const char *s)
{
    m->count = 0;
    m->depth = RUNTIME_PATTERN_DEPTH;
    m->start = s;
    m->end = match_here(m, s, m->text);
    return m->end && m->end != m->last_match;
}

pattern_result pattern_next(pattern *pattern)
{
    for (const char *s = pattern->next; s <= pattern->subject_end; s++) {
        if (!spend(pattern, 1))
            return PATTERN_FAILED;
        bool found = match_at(pattern, s);
        if (pattern->error)
            return PATTERN_FAILED;
        if (found) {
            pattern->next = pattern->last_match = pattern->end;
            return PATTERN_FOUND;
        }
        if (pattern->anchored)
            break;
    }
    pattern->next = pattern->subject_end + 1;
    return PATTERN_NONE;
}

bool pattern_get(pattern *pattern, unsigned index, pattern_capture *out)
{
    if (index == 0 && pattern->count == 0) {
        *out = (pattern_capture){pattern->start, pattern->end - pattern->start};
        return true;
    }
    if (index >= pattern->count) {
        fail(pattern, "invalid capture index in replacement string");
        return false;
    }
    *out = pattern->capture[index];
    if (out->size == PATTERN_OPEN)
        fail(pattern, "unfinished capture");
    return out->size != PATTERN_OPEN;
}

bool pattern_is_plain(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] && strchr("^$*+?.([%-", text[i]))
            return false;
    return true;
}
