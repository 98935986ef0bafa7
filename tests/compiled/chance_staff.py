"""Calendars and teams of the scenarios of chance."""

from __future__ import annotations

from typing import Any

from chance_tools import Body, Chance, switches

NAMES = ("li", "wang", "zhao", "sun")
SKILLS = ("legal", "lab")
OFFICE = (["09:00-17:00"], ["08:00-12:00", "14:00-18:00"], ["09:00-10:00"], ["00:00-24:00"])

switches(
    calendar=70, windows=8, china=25, overtime=12, skip=35, queue_rule=45, queue_from=30, at_close=60, on_cut=50,
    preempts=45, roster=35, roster_repeats=20, roster_to_nobody=15, hires=8, secondment=10, absence=8, leave=8,
    attrition=8, new_hires=12, pressure=18, other_duties=15, people=35, own_calendar=30, officer_leaves=12,
    officer_comes=20, skills_held=60, speed=35, own_length=20, keeps=40, cap=50, by_lot=25, chosen_by_number=8,
    assignment_from=25,
)  # fmt: skip


def calendars(c: Chance) -> Body:
    """None to three calendars: office hours on some days, or windows on the clock."""
    found: Body = {}
    for name in ("office", "other")[: c.number(0, 2)] if c.on("calendar") else ():
        body: Body = {"hours": c.pick(OFFICE)}
        if c.on("china"):
            body["days"] = "china"
        elif c.likely(50):
            body |= {"days": "weekdays", "closed_on": [c.date()], "open_on": [c.date()]}
        found[name] = body
    if c.on("windows"):
        found["windows"] = {"windows": [{"opens": "8 h", "closes": "16 h"}, {"opens": "30 h", "closes": "40 h"}]}
        if c.likely(85):
            found["windows"]["repeat_every"] = "48 h"
    return found


def calendar(c: Chance, found: Body) -> Body:
    """The key that names one of the calendars, or none."""
    return {"calendar": c.pick(list(found))} if found and c.likely(85) else {}


def team(c: Chance, needed: int, asked: set[str], stages: list[str], found: Body, others: list[str]) -> Body:
    """A team for stages that ask for `needed` officers at once and for certificates; `others` are further teams."""
    body = calendar(c, found)
    if c.on("skip"):
        body["line"] = "skip"
    rules = ("first_come", "earliest_due", "severity")
    if c.on("queue_rule"):
        body["queue"] = c.pick(rules[1:])
    if c.on("queue_from"):
        body["queue_from"] = [{"on": at, "queue": c.pick(rules)} for at in c.rising(c.moment, 3)]
    if c.on("pressure"):
        body["pressure"] = [{"waiting_each": 1, "speed": 2}, {"waiting_each": c.pick([2, 3]), "speed": 0.5}]
    if c.on("other_duties"):
        body["other_duties"] = c.work()
    if body.get("calendar") and c.on("overtime"):
        since, until = sorted((c.number(0, c.days), c.number(0, c.days)))
        body["overtime"] = [
            {
                "since": f"{since} days",
                "until": f"{until + 1} days",
                "hours": ["09:00-20:00"],
                "on_days_off": c.likely(50),
            }
        ]
    if c.on("people"):
        return body | _people(c, needed, asked, stages, found) | _chance_of_staff(c)
    return body | _numbered(c, needed, others) | _chance_of_staff(c)


def _numbered(c: Chance, needed: int, others: list[str]) -> Body:
    officers = needed + c.pick([0, 1, 1, 2])
    body: Body = {"officers": officers}
    if c.on("chosen_by_number"):
        body |= _assignment(c, chosen=True)
    else:
        if c.on("preempts"):
            body["preempts"] = True
        if c.on("on_cut"):  # nobody can break off work of officers who have gone off with it
            body["on_cut"] = c.pick(["suspend"] if body.get("preempts") else ["new_team", "suspend"])
        breaks_off = body.get("preempts") or body.get("on_cut") == "suspend"
        body["at_close"] = c.pick(
            ["suspend", "overtime"] if breaks_off else ["suspend", "overtime", "restart", "redraw"]
        )
    if body.get("at_close") is None and c.on("at_close"):
        body["at_close"] = c.pick(["overtime", "suspend"])
    fewest = [needed, needed + 1, needed + 2]
    if c.on("roster"):
        repeats = c.on("roster_repeats")
        moments = c.rising((lambda: c.hours(0, 47)) if repeats else c.moment, 3)
        body["roster"] = [{"on": at, "officers": c.pick(fewest)} for at in moments]
        if c.on("roster_to_nobody"):
            body["roster"][c.number(0, len(body["roster"]) - 1)]["officers"] = 0
        if repeats:  # changes behind the end of their own repetition would not rise
            body["roster_repeats"] = "2 days"
    elif others and c.on("secondment"):
        since = c.number(0, c.days - 1)
        to = c.pick([*others, None])
        body["officers"] += 1
        body["secondments"] = [{"since": f"{since} days", "officers": 1} | ({"to": to} if to else {})]
        if c.likely(70):
            body["secondments"][0]["until"] = f"{since + c.number(1, 3)} days"
    if c.on("hires"):
        body["hires"] = [{"decided": c.moment(), "officers": c.number(1, 2), "lag": c.pick(["1 days", "30 h", "0 h"])}]
    return body


def _people(c: Chance, needed: int, asked: set[str], stages: list[str], found: Body) -> Body:
    people: dict[str, Any] = {}
    for name in NAMES[: max(needed, c.number(1, 4))]:
        body: Body = {}
        if found and c.on("own_calendar"):
            body["calendar"] = c.pick(list(found))
        if c.on("officer_comes"):
            body["since"] = c.moment()
        elif c.on("officer_leaves"):
            body["until"] = c.moment()
        if asked and c.on("skills_held"):
            body["skills"] = c.some(SKILLS, 2)
        if c.on("speed"):
            body["speed"] = c.pick([2, 0.5, 0.7, 1.3])
        if c.on("own_length"):
            body["durations"] = {c.pick(stages): c.work()}
        people[name] = body
    # Now and then nobody holds what a stage asks for, and the run ends in gridlock.
    if c.likely(90):
        for name in list(people)[: max(needed, 1)]:
            people[name]["skills"] = list(SKILLS) if asked else []
            people[name].pop("until", None)
    body = {"people": people, **_assignment(c, chosen=False)}
    if c.on("at_close"):
        body["at_close"] = c.pick(["overtime", "suspend"])
    return body


def _assignment(c: Chance, chosen: bool) -> Body:
    body: Body = {}
    if c.on("keeps"):
        body["assignment"] = "handling_officer"
        if c.on("cap"):
            body["cap"] = c.number(1, 3)
    elif c.on("by_lot") or chosen:
        body["assignment"] = "by_lot"
    if c.on("assignment_from"):
        kinds = ("team_queue", "handling_officer", "by_lot")
        body["assignment_from"] = [{"on": at, "assignment": c.pick(kinds)} for at in c.rising(c.moment, 3)]
        for change in body["assignment_from"]:
            if change["assignment"] == "handling_officer" and c.likely(50):
                change["cap"] = c.number(1, 3)
    return body


def _chance_of_staff(c: Chance) -> Body:
    """What is drawn before a run: absence, leave, leaving, and how slow newcomers are."""
    body: Body = {}
    if c.on("absence"):
        body["absence"] = {"between": c.days_off(), "lasts": c.days_off()}
    if c.on("leave"):
        body["leave"] = {"days": f"{c.number(1, 3)} working days", "blocks": c.number(1, 2)}
    if c.on("attrition"):
        body["attrition"] = {"yearly": 0.999, "vacant": c.days_off()}
    if c.on("new_hires"):
        body["new_hires"] = {"extra_time": c.pick([1.0, 0.5]), "half_life": "5 days"}
    return body
