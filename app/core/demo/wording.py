"""Plausible text of progress notes: about 250 words, no two alike."""

from __future__ import annotations

from random import Random

_THEMES = (
    ("worry about work", "a deadline that moved twice", "scheduled worry time"),
    ("low mood", "a quiet weekend without plans", "activity scheduling"),
    ("conflict at home", "an argument about money", "the pause-and-name exercise"),
    ("trouble sleeping", "three short nights", "a fixed rising time"),
    ("grief", "the anniversary of a loss", "writing a letter not to be sent"),
    ("social anxiety", "a gathering that was left early", "the exposure ladder"),
    ("burnout", "a week of late evenings", "protected lunch breaks"),
    ("self-criticism", "a mistake in a report", "the compassionate-voice exercise"),
    ("health anxiety", "waiting for a test result", "limits on looking things up"),
    ("a change of role", "the first month in a new position", "a weekly review of values"),
    ("intrusive memories", "a smell that brought an old scene back", "grounding by the senses"),
    ("loneliness", "a friend who moved away", "two calls a week"),
)
_SUBJECTIVE = (
    (
        "Client reports that {theme} was present on most days since the last session, "
        "somewhat less than two weeks ago."
    ),
    "The hardest moment was {event}, which client rates at {high} of 10 while it lasted.",
    "Client used {skill} {times} times and found that it helped when begun early.",
    "Sleep is described as {sleep}, with {hours} hours on an average night.",
    "Appetite and energy are unchanged; client walks to work again on dry days.",
    "Client says that it was easier to speak about {theme} with a close friend than expected.",
    "No thoughts of self-harm, and none of harming others, are reported when asked directly.",
    (
        "Client noticed the first signs in the body, a tight chest and shallow breath, "
        "before the thoughts came."
    ),
    (
        "At work there was one day on which client left early and one on which staying "
        "felt like a success."
    ),
    "Client brought the log from last time and had filled in {times} of seven days.",
    (
        "The partner was supportive, though client still finds it hard to ask for help in"
        " so many words."
    ),
    "Client wonders whether {event} says something about an older pattern in the family.",
)
_OBJECTIVE = (
    "Client arrived on time, was casually dressed and made steady eye contact.",
    "Affect was {affect} and congruent with what was said; speech was of normal rate and volume.",
    "Thought process was linear; insight and judgment were good.",
    "Mood was rated {low} of 10 at the beginning and {high} of 10 at the end of the hour.",
    "Client became tearful when speaking of {event} and recovered without prompting.",
    "Posture relaxed visibly during the breathing exercise in the second half.",
    "Oriented in all spheres; no sign of intoxication or withdrawal.",
    "Client laughed twice and could look at {theme} with some distance.",
)
_ASSESSMENT = (
    "Progress toward the goal of living with less {theme} is steady though uneven.",
    (
        "The link between {event} and the rise of symptoms is now clear to client, which "
        "was not so a month ago."
    ),
    "{Skill} is used outside of sessions and begins to generalize to other situations.",
    "Risk is assessed as low: no ideation, good support, future plans that client cares about.",
    (
        "Symptoms remain of {degree} severity and continue to limit work and close "
        "relationships at times."
    ),
    "Avoidance keeps the pattern going; client could name this without being led to it.",
    "The working alliance is good; client disagreed openly once and the repair went well.",
    "Continued weekly work is medically necessary to hold the gains and to prevent relapse.",
    "The diagnosis stands; the criteria were reviewed and client agrees with the description.",
)
_PLAN = (
    "Continue with {skill}, now also on days when it does not seem needed.",
    "Keep the log for another week, with one line in the evening instead of three.",
    "Next time: look at {event} again from the point of view of a kind observer.",
    "Client will tell one person about {theme} before the next session.",
    "Review the sleep routine in two weeks and decide whether to shorten time in bed.",
    "Safety plan was reviewed and stays as it is; client knows whom to call at night.",
    "Repeat the measure at the beginning of next month and compare with the baseline.",
    "Session frequency stays as it is; to be reviewed together with the goals in six weeks.",
    (
        "Begin the first step of the agreed ladder, in company, and write down what was "
        "predicted and what happened."
    ),
)
_PARTS = (
    ("subjective", _SUBJECTIVE, 6),
    ("objective", _OBJECTIVE, 4),
    ("assessment", _ASSESSMENT, 4),
    ("plan", _PLAN, 4),
)


def soap(random: Random) -> dict[str, str]:
    """Return the four sections of a note."""
    theme, event, skill = random.choice(_THEMES)
    words = {
        "theme": theme,
        "event": event,
        "skill": skill,
        "Skill": skill[0].upper() + skill[1:],
        "high": str(random.randrange(6, 9)),
        "low": str(random.randrange(3, 6)),
        "times": random.choice(("two", "three", "four", "five")),
        "hours": random.choice(("five", "six", "six and a half", "seven")),
        "sleep": random.choice(("broken", "better", "short but sound", "restless")),
        "affect": random.choice(("anxious", "subdued", "bright", "tense at first")),
        "degree": random.choice(("mild", "moderate")),
    }
    return {
        key: " ".join(sentence.format(**words) for sentence in random.sample(sentences, count))
        for key, sentences, count in _PARTS
    }


def draft(random: Random) -> dict[str, str]:
    """Return a note that was left before it was finished."""
    begun = soap(random)
    return {key: begun[key] for key in ("subjective", "objective")}
