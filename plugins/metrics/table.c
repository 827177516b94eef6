/* SPDX-License-Identifier: MIT */
/* See table.h. Numbers are written without the locale's help. */
#include "table.h"
#include <stdio.h>
#include <string.h>

/* Without controls and what is not UTF-8, and whole characters alone: one wrong byte, or one series
 * twice, and Prometheus takes nothing of the file. */
static void copy_label(char out[METRICS_LABEL], const char *label)
{
    size_t size = 0;
    while (label && *label) {
        size_t bytes = text_character(label);
        if (size + bytes >= METRICS_LABEL)
            break;
        if (bytes > 1 || (bytes == 1 && *label >= 0x20 && *label != 0x7f)) {
            memcpy(out + size, label, bytes);
            size += bytes;
        }
        label += bytes > 0 ? bytes : 1;
    }
    out[size] = '\0';
}

static counter *find(counters *self, const char *a, const char *b)
{
    for (size_t i = 0; i < self->count; i++)
        if (strcmp(self->items[i].a, a) == 0 && strcmp(self->items[i].b, b) == 0)
            return &self->items[i];
    return NULL;
}

void counters_add(counters *self, const char *a, const char *b, unsigned long long amount)
{
    char label_a[METRICS_LABEL], label_b[METRICS_LABEL];
    copy_label(label_a, a);
    copy_label(label_b, b);
    counter *item = find(self, label_a, label_b);
    if (!item && self->count + 1 >= METRICS_SERIES) {
        copy_label(label_a, "other");
        copy_label(label_b, self->label_b ? "other" : "");
        item = find(self, label_a, label_b);
    }
    if (!item) {
        item = &self->items[self->count++];
        memcpy(item->a, label_a, sizeof(label_a));
        memcpy(item->b, label_b, sizeof(label_b));
        item->value = 0;
    }
    item->value += amount;
}

/* Backslash and quote are escaped; there are no line ends. */
static void write_label(text *out, const char *name, const char *value)
{
    text_print(out, "%s=\"", name);
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            text_append(out, "\\", 1);
        text_append(out, value, 1);
    }
    text_append(out, "\"", 1);
}

void counters_write(const counters *self, text *out)
{
    text_print(out, "# HELP %s %s\n# TYPE %s counter\n", self->name, self->help, self->name);
    for (size_t i = 0; i < self->count; i++) {
        const counter *item = &self->items[i];
        text_print(out, "%s{", self->name);
        write_label(out, self->label_a, item->a);
        if (self->label_b) {
            text_append(out, ",", 1);
            write_label(out, self->label_b, item->b);
        }
        text_print(out, "} %llu\n", item->value);
    }
}

static const struct {
    long long ms;
    const char *text;
} bounds[METRICS_BUCKETS] = {
    {50, "0.05"},  {100, "0.1"}, {250, "0.25"}, {500, "0.5"},  {1000, "1"},
    {2500, "2.5"}, {5000, "5"},  {10000, "10"}, {30000, "30"}, {60000, "60"},
};

void histogram_add(histogram *self, long long ms)
{
    for (size_t i = 0; i < METRICS_BUCKETS; i++)
        if (ms <= bounds[i].ms)
            self->buckets[i]++;
    self->count++;
    self->sum_ms += ms > 0 ? (unsigned long long)ms : 0;
}

void histogram_write(const histogram *self, const char *name, const char *help, text *out)
{
    text_print(out, "# HELP %s %s\n# TYPE %s histogram\n", name, help, name);
    for (size_t i = 0; i < METRICS_BUCKETS; i++)
        text_print(out, "%s_bucket{le=\"%s\"} %llu\n", name, bounds[i].text, self->buckets[i]);
    text_print(out, "%s_bucket{le=\"+Inf\"} %llu\n", name, self->count);
    text_print(out, "%s_sum %llu.%03llu\n", name, self->sum_ms / 1000, self->sum_ms % 1000);
    text_print(out, "%s_count %llu\n", name, self->count);
}
