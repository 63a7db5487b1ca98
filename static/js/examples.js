/** Complete briefs to try the builder with. Categories are among those every installation starts with. */

export const EXAMPLES = [
  {
    desiredOutcome: "New managers hold a 15-minute coaching talk with each of their people every month",
    currentProblem: "They give advice at once, talk most of the time and hear about trouble too late",
    specificTopics: ["active listening", "open questions", "agreeing a next step"],
    category: "Leadership Development", sessionType: "workshop", audienceName: "first-time managers", groupSize: 12, durationMinutes: 90,
  },
  {
    desiredOutcome: "Advisors book five qualified appointments per week with a short phone script",
    currentProblem: "They avoid calling and lose heart after the first objection",
    specificTopics: ["opening a call", "handling objections", "asking for referrals"],
    category: "Prospecting", sessionType: "training", audienceName: "new financial advisors", groupSize: 16, durationMinutes: 120,
  },
  {
    desiredOutcome: "Team leads explain the coming reorganisation and answer difficult questions calmly",
    currentProblem: "Rumours spread faster than facts",
    specificTopics: ["the reasons for the change", "difficult questions", "what stays the same"],
    category: "Change Management", sessionType: "webinar", audienceName: "team leads", groupSize: 40, durationMinutes: 45, online: true,
  },
];
