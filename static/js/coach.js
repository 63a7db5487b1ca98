/** The coach beside the brief: at most three hints on what would help most now. Pure: a brief in, hints out. */

const OBSERVABLE = /\b(hold|book|explain|demonstrate|write|draft|run|lead|give|ask|use|apply|present|solve|handle|plan|agree|decide|close|mediate|answer|coach|train|build|create|prepare|practi[sc]e|deliver|name|list|choose|compare|respond|calculate|open|recruit|interview|check|can)\b/i;
const VAGUE = /\b(understand|know|learn about|be aware|appreciate|become familiar|get better|improve)\b/i;
const MEASURE = /\b(\d+|one|two|three|four|five|each|every|weekly|daily|monthly|within|without|at least|by the end|so that|until)\b/i;
const AT_MOST = 3;

/** Hints as `{done, message, example?, field}`, open ones first, then what is already good, at most three. */
export function hintsFor(brief) {
  const outcome = brief.desiredOutcome ?? "";
  if (outcome.length < 3) {
    return [{ done: false, field: "desiredOutcome", message: "Begin with the outcome: what will people do differently?", example: "New managers hold a coaching talk every month" }];
  }
  const judged = [...aboutOutcome(outcome), ...aboutTheRest(brief)];
  return [...judged.filter((hint) => !hint.done), ...judged.filter((hint) => hint.done)].slice(0, AT_MOST);
}

function aboutOutcome(outcome) {
  if (outcome.length < 20) return [{ done: false, field: "desiredOutcome", message: `A few words more: ${20 - outcome.length} characters to go.` }];
  return [observable(outcome), measured(outcome)];
}

function observable(outcome) {
  const vague = VAGUE.exec(outcome);
  if (vague && !OBSERVABLE.test(outcome)) {
    return { done: false, field: "desiredOutcome", message: `“${vague[0]}” cannot be seen. Say what people will do.`, example: "explain the three steps to a colleague" };
  }
  return OBSERVABLE.test(outcome)
    ? { done: true, field: "desiredOutcome", message: "The outcome can be observed." }
    : { done: false, field: "desiredOutcome", message: "Use a verb somebody could watch: explain, book, run, write." };
}

function measured(outcome) {
  return MEASURE.test(outcome)
    ? { done: true, field: "desiredOutcome", message: "It says how you will see it." }
    : { done: false, field: "desiredOutcome", message: "Name how you will see it: how many, how often, by when.", example: "… each month, with every one of their people" };
}

function aboutTheRest(brief) {
  const topics = brief.specificTopics?.length ?? 0;
  const people = Boolean(brief.audienceName || brief.audienceId);
  return [
    topics >= 2 ? { done: true, field: "specificTopics", message: `${topics} topics to build on.` } : { done: false, field: "specificTopics", message: topics ? "One or two more topics would help." : "Two topics would help the outlines and the search." },
    brief.currentProblem ? { done: true, field: "currentProblem", message: "The problem gives the practice its situation." } : { done: false, field: "currentProblem", message: "What goes wrong today? It becomes the practice case." },
    people ? { done: true, field: "audienceName", message: "The examples can fit these people." } : { done: false, field: "audienceName", message: "Say who is in the room, so that examples fit." },
  ];
}
