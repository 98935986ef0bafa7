// Cases, officers and legal clocks of one model: what the compiled engine does, as a C program that does nothing else.
//
// Times are whole seconds. Draws are words of Philox4x64-10 with an address; rows of the log are written as things
// happen. c_program.py hands over the plan and holds the log against the engine's.

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { STAGES = 24, CLOCKS = 4, TEAMS = 16, NONE = -1, DAY = 86400, NEAR = 8, NEVER_RUNS = 0 };
enum op { WORK, WAIT, GATE, DECIDE, EXIT };
enum family { EXPONENTIAL = 1, LOGNORMAL = 3 };
enum what { ARRIVED = 0, ENTERED = 1, STARTED = 2, ENDED = 3, CLOSED = 6, RAN_OUT = 9 };
enum event_kind { END_WORK, END_WAIT, BELL, WAKE };
enum phase { NORMAL = 0, RINGS = 1 };
static const int64_t NEVER = (int64_t)1 << 62;

// --- the plan, as c_program.py lays it out

struct stage_row {
    int64_t op, officers, priority, family, ways_at, ways_n, asked, starts, stops;  // the last two: bits of clocks
    double a, b;
};

struct hours {
    const int64_t *opens, *closes, *sums, *of_day;
    int64_t count;
};

struct days {
    const int64_t *before, *working;
    int64_t all, back, how_many;
};

struct clock_row {
    int64_t limit, in_working_days, rolls;
    struct days days;
};

struct model {
    const struct stage_row *stages;
    const int64_t *team_of;    // [stage][place]
    const double *shares;      // cumulated
    const int64_t *leads_to;   // stages, beside the shares
    const int64_t *officers;   // [team]
    const struct hours *hours; // [team]
    const struct clock_row *clocks;
    const int64_t *door;       // rows of cases
    const uint64_t *keys;      // ten pairs
    int64_t places, teams, door_n, door_width, horizon, n_clocks;
    int64_t at_arrived, at_since, at_address, at_ordinal, at_handler, at_priority, at_enters;  // columns at the door
};

// --- the state of a run

struct row {
    int64_t time, number, fact;
};

struct event {
    int64_t key;  // second * 4 + phase
    int32_t who;
    uint32_t kind : 2, life : 30;
};

struct place {  // in a line, which is a treap
    int64_t class, since;
    int32_t number, up, before, behind;
    uint32_t weight;
};

struct open_case {
    struct place place;
    int32_t stage, team, visit, handler, priority;
    uint32_t life;
    uint64_t address, ordinal;
    int64_t bell;
    int64_t due[CLOCKS];  // NEVER_RUNS: does not run
    int32_t ran_out;      // bits of clocks
    int32_t next_free;
    uint16_t visits[STAGES];
};

struct team {
    int64_t officers, busy, wakes_at;
    int32_t root, first, last;
    bool stirred;
};

struct world {
    const struct model *plan;
    int64_t now, arrived;
    struct row *log;
    int64_t log_n, log_room;
    struct event *heap;
    int64_t heap_n, heap_room;
    struct open_case *cases;
    int32_t free_case, cases_room;
    int32_t *queue;  // cases whose work starts in this very second
    int64_t queue_head, queue_tail, queue_room;
    struct team teams[TEAMS];
    int32_t stirred[TEAMS];  // a heap of teams that choose again
    int32_t stirred_n;
    struct stage_row stages[STAGES];
};

static void *grown(void *old, int64_t rows, size_t width)
{
    void *new = realloc(old, (size_t)rows * width);
    if (!new)
        abort();
    return new;
}

static inline void note(struct world *w, int64_t number, int64_t what, int64_t stage, int64_t team)
{
    if (w->log_n == w->log_room)
        w->log = grown(w->log, w->log_room *= 2, sizeof *w->log);
    w->log[w->log_n++] = (struct row){w->now, number, (stage + 1) << 36 | (team + 1) << 8 | what};
}

// --- what will happen

static void push(struct world *w, int64_t second, int phase, int kind, int32_t who, uint32_t life)
{
    if (w->heap_n == w->heap_room)
        w->heap = grown(w->heap, w->heap_room *= 2, sizeof *w->heap);
    struct event *heap = w->heap, new = {second * 4 + phase, who, (unsigned)kind, life};
    int64_t i = w->heap_n++;
    while (i > 0) {
        int64_t up = (i - 1) >> 1;
        if (heap[up].key <= new.key)
            break;
        heap[i] = heap[up];
        i = up;
    }
    heap[i] = new;
}

static struct event pop(struct world *w)
{
    struct event *heap = w->heap, top = heap[0], last = heap[--w->heap_n];
    int64_t n = w->heap_n, i = 0, down;
    while ((down = 2 * i + 1) < n) {
        if (down + 1 < n && heap[down + 1].key < heap[down].key)
            down++;
        if (heap[down].key >= last.key)
            break;
        heap[i] = heap[down];
        i = down;
    }
    heap[i] = last;
    return top;
}

static void stir(struct world *w, int32_t team)
{
    if (w->teams[team].stirred)
        return;
    w->teams[team].stirred = true;
    int32_t i = w->stirred_n++, up;
    while (i > 0 && w->stirred[up = (i - 1) >> 1] > team) {
        w->stirred[i] = w->stirred[up];
        i = up;
    }
    w->stirred[i] = team;
}

static int32_t next_stirred(struct world *w)
{
    int32_t top = w->stirred[0], last = w->stirred[--w->stirred_n], n = w->stirred_n, i = 0, down;
    while ((down = 2 * i + 1) < n) {
        if (down + 1 < n && w->stirred[down + 1] < w->stirred[down])
            down++;
        if (w->stirred[down] >= last)
            break;
        w->stirred[i] = w->stirred[down];
        i = down;
    }
    w->stirred[i] = last;
    w->teams[top].stirred = false;
    return top;
}

// --- chance

struct words {
    uint64_t word[4];
};

static struct words philox(const uint64_t *keys, uint64_t c0, uint64_t c1, uint64_t c2, uint64_t c3)
{
    for (int i = 0; i < 10; i++) {
        unsigned __int128 p0 = (unsigned __int128)0xD2E7470EE14C6C93u * c0;
        unsigned __int128 p1 = (unsigned __int128)0xCA5A826395121157u * c2;
        c0 = (uint64_t)(p1 >> 64) ^ c1 ^ keys[2 * i];
        c2 = (uint64_t)(p0 >> 64) ^ c3 ^ keys[2 * i + 1];
        c1 = (uint64_t)p1;
        c3 = (uint64_t)p0;
    }
    return (struct words){{c0, c1, c2, c3}};
}

static double drawn(const struct world *w, const struct open_case *c, const struct stage_row *s, int word)
{
    struct words found = philox(w->plan->keys, c->address, c->ordinal, (uint64_t)c->visit << 16, (uint64_t)s->asked);
    return ((double)(found.word[word] >> 12) + 0.5) * 0x1p-52;
}

// Wichura (1988), algorithm AS 241, routine PPND16.
static const double A[8] = {
    3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
    4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
};
static const double B[8] = {
    1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
    2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3,
};
static const double C[8] = {
    1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
    1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
};
static const double D[8] = {
    1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
    1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
};
static const double E[8] = {
    6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
    2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
};
static const double F[8] = {
    1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
    7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
};

static double ratio(const double *top, const double *bottom, double x)
{
    double upper = top[7], lower = bottom[7];
    for (int i = 6; i >= 0; i--) {
        upper = upper * x + top[i];
        lower = lower * x + bottom[i];
    }
    return upper / lower;
}

static double quantile(double p)
{
    double q = p - 0.5;
    if (fabs(q) <= 0.425)
        return q * ratio(A, B, 0.180625 - q * q);
    double r = sqrt(-log(q < 0.0 ? p : 1.0 - p));
    double z = r <= 5.0 ? ratio(C, D, r - 1.6) : ratio(E, F, r - 5.0);
    return q < 0.0 ? -z : z;
}

static int64_t seconds_of(const struct world *w, const struct open_case *c, const struct stage_row *s, int64_t least)
{
    double u = drawn(w, c, s, 0);
    double length = s->family == EXPONENTIAL ? -s->a * log1p(-u) : exp(s->a + s->b * quantile(u));
    int64_t seconds = (int64_t)floor(length + 0.5);
    return seconds < least ? least : seconds;
}

static int64_t way_out(const struct world *w, const struct open_case *c, const struct stage_row *s)
{
    const int64_t *to = w->plan->leads_to + s->ways_at;
    if (s->ways_n == 1)
        return to[0];
    const double *shares = w->plan->shares + s->ways_at;
    double u = drawn(w, c, s, 1);
    for (int64_t i = 0; i < s->ways_n - 1; i++)
        if (u < shares[i])
            return to[i];
    return to[s->ways_n - 1];
}

// --- office hours and legal days

static int64_t opened(const struct hours *h, int64_t t)
{
    int64_t i = h->of_day[t / DAY];
    while (i < h->count && h->opens[i] <= t)
        i++;
    return i;
}

static int64_t clock_after(const struct hours *h, int64_t t, int64_t work)
{
    int64_t i = opened(h, t) - 1, need = work;
    if (i >= 0) {
        int64_t closes = h->closes[i];
        if (t + work <= closes)
            return t + work;
        need += h->sums[i] + (t < closes ? t : closes) - h->opens[i];
    }
    int64_t low = i + 1, high = h->count + 1, near = low + NEAR < high ? low + NEAR : high;
    while (low < near && h->sums[low] < need)
        low++;
    if (low == near)
        while (low < high) {
            int64_t middle = (low + high) >> 1;
            if (h->sums[middle] < need)
                low = middle + 1;
            else
                high = middle;
        }
    if (low > h->count)
        return NEVER;
    return h->opens[low - 1] + need - h->sums[low - 1];
}

static int64_t due(const struct clock_row *k, int64_t started)
{
    const struct days *d = &k->days;
    int64_t last = started / DAY;
    if (k->in_working_days) {
        int64_t place = last + d->back;
        if (place < 0 || place >= d->all)
            return NEVER;
        int64_t at = d->before[place + 1] + k->limit - 1;
        if (at >= d->how_many)
            return NEVER;
        last = d->working[at];
    } else {
        last += k->limit;
    }
    if (k->rolls) {
        int64_t place = last + d->back;
        if (place < 0 || place >= d->all || d->before[place] >= d->how_many)
            return NEVER;
        last = d->working[d->before[place]];
    }
    return (last + 1) * DAY;
}

// --- legal clocks

static void set_bell(struct world *w, int32_t who)
{
    struct open_case *c = &w->cases[who];
    int64_t rings = NEVER;
    for (int k = 0; k < w->plan->n_clocks; k++)
        if (c->due[k] != NEVER_RUNS && !(c->ran_out >> k & 1) && c->due[k] < rings)
            rings = c->due[k];
    if (rings < w->now)
        rings = w->now;
    if (rings < w->plan->horizon && (rings != c->bell || rings == w->now)) {
        c->bell = rings;
        push(w, rings, RINGS, BELL, who, c->life);
    }
}

static void ring(struct world *w, int32_t who)
{
    struct open_case *c = &w->cases[who];
    for (int k = 0; k < w->plan->n_clocks; k++)
        if (c->due[k] != NEVER_RUNS && c->due[k] <= w->now && !(c->ran_out >> k & 1)) {
            c->ran_out |= 1 << k;
            note(w, c->place.number, RAN_OUT, c->stage, k);
        }
    set_bell(w, who);
}

static void stop_clocks(struct world *w, struct open_case *c, int64_t which, int64_t told)
{
    for (int k = 0; which >> k; k++)
        if (which >> k & 1 && c->due[k] != NEVER_RUNS) {
            if (c->due[k] <= w->now && !(c->ran_out >> k & 1))
                note(w, c->place.number, RAN_OUT, told, k);
            c->due[k] = NEVER_RUNS;
        }
}

static void start_clocks(struct world *w, int32_t who, int64_t which, int64_t told)
{
    struct open_case *c = &w->cases[who];
    stop_clocks(w, c, which, told);
    for (int k = 0; which >> k; k++)
        if (which >> k & 1) {
            c->due[k] = due(&w->plan->clocks[k], w->now);
            c->ran_out &= ~(1 << k);
        }
    set_bell(w, who);
}

// --- lines

static inline bool goes_before(const struct place *a, const struct place *b)
{
    if (a->class != b->class)
        return a->class < b->class;
    if (a->since != b->since)
        return a->since < b->since;
    return a->number < b->number;
}

static uint32_t weight_of(int64_t number)
{
    int64_t h = (number & 0x7FFFFFFF) * 2654435761 & 0x7FFFFFFF;
    h = (h ^ h >> 15) * 2246822519 & 0x7FFFFFFF;
    return (uint32_t)(h ^ h >> 13);
}

#define AT(who) (&cases[who].place)

static inline void hang(struct open_case *cases, struct team *t, int32_t up, int32_t old, int32_t new)
{
    if (up < 0)
        t->root = new;
    else if (AT(up)->before == old)
        AT(up)->before = new;
    else
        AT(up)->behind = new;
    if (new >= 0)
        AT(new)->up = up;
}

static void lift(struct open_case *cases, struct team *t, int32_t who)
{
    int32_t up = AT(who)->up, inner;
    hang(cases, t, AT(up)->up, up, who);
    if (AT(up)->before == who) {
        inner = AT(who)->behind;
        AT(up)->before = inner;
        AT(who)->behind = up;
    } else {
        inner = AT(who)->before;
        AT(up)->behind = inner;
        AT(who)->before = up;
    }
    AT(up)->up = who;
    if (inner >= 0)
        AT(inner)->up = up;
}

static void join(struct world *w, int32_t who, const struct stage_row *s)
{
    struct open_case *cases = w->cases;
    struct team *t = &w->teams[cases[who].team];
    struct place *p = AT(who);
    p->class = s->priority << 32 | cases[who].priority;
    p->before = p->behind = NONE;
    if (t->last < 0) {
        t->root = t->first = t->last = who;
        p->up = NONE;
        return;
    }
    if (goes_before(AT(t->last), p)) {
        AT(t->last)->behind = who;
        p->up = t->last;
        t->last = who;
    } else {
        int32_t at = t->root, next;
        bool before;
        for (;; at = next) {
            before = goes_before(p, AT(at));
            next = before ? AT(at)->before : AT(at)->behind;
            if (next < 0)
                break;
        }
        if (before)
            AT(at)->before = who;
        else
            AT(at)->behind = who;
        p->up = at;
        if (at == t->first && before)
            t->first = who;
    }
    while (p->up >= 0 && p->weight < AT(p->up)->weight)
        lift(cases, t, who);
}

// Whom a team serves is always the first in its line: nobody stands before.
static void first_leaves(struct world *w, struct team *t)
{
    struct open_case *cases = w->cases;
    int32_t who = t->first, next = AT(who)->behind;
    if (next >= 0) {
        while (AT(next)->before >= 0)
            next = AT(next)->before;
    } else {
        next = AT(who)->up;
    }
    t->first = next;
    if (t->last == who)
        t->last = NONE;
    hang(cases, t, AT(who)->up, who, AT(who)->behind);
}

// --- a case from the door to the archive

static void leads_on(struct world *w, int32_t who, int64_t stage)
{
    for (;;) {
        struct open_case *c = &w->cases[who];
        const struct stage_row *s = &w->stages[stage];
        if (s->op == EXIT) {
            note(w, c->place.number, CLOSED, stage, NONE);
            stop_clocks(w, c, ((int64_t)1 << w->plan->n_clocks) - 1, stage);
            c->life++;
            c->next_free = w->free_case;
            w->free_case = who;
            return;
        }
        c->stage = (int32_t)stage;
        c->visit = c->visits[stage]++;
        if (s->op == WORK) {
            c->team = (int32_t)w->plan->team_of[stage * w->plan->places + c->handler];
            note(w, c->place.number, ENTERED, stage, c->team);
            if (s->starts)
                start_clocks(w, who, s->starts, stage);
            join(w, who, s);
            stir(w, c->team);
            return;
        }
        note(w, c->place.number, ENTERED, stage, NONE);
        if (s->op == WAIT) {
            push(w, w->now + seconds_of(w, c, s, 0), NORMAL, END_WAIT, who, 0);
            return;
        }
        note(w, c->place.number, ENDED, stage, NONE);
        c->place.since = w->now;
        stage = way_out(w, c, s);
    }
}

static void enter(struct world *w)
{
    const struct model *m = w->plan;
    const int64_t *d = m->door + w->arrived * m->door_width;
    if (w->free_case < 0) {
        int32_t had = w->cases_room;
        w->cases = grown(w->cases, w->cases_room *= 2, sizeof *w->cases);
        for (int32_t i = had; i < w->cases_room; i++) {
            w->cases[i].life = 0;
            w->cases[i].next_free = i + 1 < w->cases_room ? i + 1 : NONE;
        }
        w->free_case = had;
    }
    int32_t who = w->free_case;
    struct open_case *c = &w->cases[who];
    w->free_case = c->next_free;
    c->place.number = (int32_t)w->arrived++;
    c->place.since = d[m->at_since];
    c->place.weight = weight_of(c->place.number);
    c->handler = (int32_t)d[m->at_handler];
    c->priority = (int32_t)d[m->at_priority];
    c->address = (uint64_t)d[m->at_address];
    c->ordinal = (uint64_t)d[m->at_ordinal];
    c->bell = NONE;
    c->ran_out = 0;
    memset(c->due, 0, sizeof c->due);
    memset(c->visits, 0, sizeof c->visits);
    note(w, c->place.number, ARRIVED, NONE, NONE);
    leads_on(w, who, d[m->at_enters]);
}

static void start(struct world *w, int32_t who)
{
    struct open_case *c = &w->cases[who];
    const struct stage_row *s = &w->stages[c->stage];
    note(w, c->place.number, STARTED, c->stage, c->team);
    int64_t end = clock_after(&w->plan->hours[c->team], w->now, seconds_of(w, c, s, 1));
    if (end != NEVER)
        push(w, end, NORMAL, END_WORK, who, 0);
}

static void leave(struct world *w, int32_t who, int64_t team)
{
    struct open_case *c = &w->cases[who];
    const struct stage_row *s = &w->stages[c->stage];
    note(w, c->place.number, ENDED, c->stage, team);
    if (s->stops)
        stop_clocks(w, c, s->stops, c->stage);
    c->place.since = w->now;
    leads_on(w, who, way_out(w, c, s));
}

static void happen(struct world *w)
{
    struct event e = pop(w);
    struct open_case *c = &w->cases[e.who];
    switch (e.kind) {
    case END_WORK:
        w->teams[c->team].busy -= w->stages[c->stage].officers;
        stir(w, c->team);
        leave(w, e.who, c->team);
        break;
    case END_WAIT:
        leave(w, e.who, NONE);
        break;
    case BELL:
        if (c->life == e.life)
            ring(w, e.who);
        break;
    case WAKE:
        stir(w, e.who);
        break;
    }
}

static void serve(struct world *w, int32_t team)
{
    struct team *t = &w->teams[team];
    const struct hours *h = &w->plan->hours[team];
    int64_t i = opened(h, w->now);
    bool is_open = i > 0 && w->now < h->closes[i - 1];
    if (is_open) {
        while (t->first >= 0) {
            int32_t who = t->first;
            int64_t officers = w->stages[w->cases[who].stage].officers;
            if (t->officers - t->busy < officers)
                return;
            first_leaves(w, t);
            t->busy += officers;
            if (w->queue_tail == w->queue_room)
                w->queue = grown(w->queue, w->queue_room *= 2, sizeof *w->queue);
            w->queue[w->queue_tail++] = who;
        }
    } else if (t->first >= 0) {
        int64_t opening = i < h->count ? h->opens[i] : NEVER;
        if (opening != NEVER && opening != t->wakes_at) {
            t->wakes_at = opening;
            push(w, opening, NORMAL, WAKE, team, 0);
        }
    }
}

static void simulate(struct world *w)
{
    const struct model *m = w->plan;
    for (;;) {
        while (w->queue_head < w->queue_tail)
            start(w, w->queue[w->queue_head++]);
        w->queue_head = w->queue_tail = 0;
        int64_t comes = w->arrived < m->door_n ? m->door[w->arrived * m->door_width + m->at_arrived] : NEVER;
        if (comes == w->now) {
            enter(w);
        } else if (w->heap_n && w->heap[0].key < 4 * w->now + 2) {
            happen(w);
        } else if (w->stirred_n) {
            while (w->stirred_n)
                serve(w, next_stirred(w));
        } else {
            int64_t then = w->heap_n ? w->heap[0].key >> 2 : NEVER;
            if (comes < then)
                then = comes;
            if (then >= m->horizon)
                return;
            w->now = then;
        }
    }
}

// Simulate until the horizon. Gives the number of rows and where they stand; `release` frees them. -1: no such model.
int64_t run(const struct model *m, int64_t n_stages, struct row **rows)
{
    if (n_stages > STAGES || m->n_clocks > CLOCKS || m->teams > TEAMS)
        return -1;
    struct world *w = calloc(1, sizeof *w);
    if (!w)
        abort();
    w->plan = m;
    w->log = grown(NULL, w->log_room = 1 << 17, sizeof *w->log);
    w->heap = grown(NULL, w->heap_room = 1 << 13, sizeof *w->heap);
    w->queue = grown(NULL, w->queue_room = 1 << 10, sizeof *w->queue);
    w->cases = grown(NULL, w->cases_room = 1 << 9, sizeof *w->cases);
    for (int32_t i = 0; i < w->cases_room; i++) {
        w->cases[i].life = 0;
        w->cases[i].next_free = i + 1 < w->cases_room ? i + 1 : NONE;
    }
    memcpy(w->stages, m->stages, (size_t)n_stages * sizeof *m->stages);
    for (int64_t team = 0; team < m->teams; team++)
        w->teams[team] = (struct team){m->officers[team], 0, NONE, NONE, NONE, NONE, false};
    simulate(w);
    int64_t n = w->log_n;
    *rows = w->log;
    free(w->heap);
    free(w->queue);
    free(w->cases);
    free(w);
    return n;
}

void release(struct row *rows)
{
    free(rows);
}
