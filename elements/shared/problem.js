// What went wrong: the API's own sentence, or one of ours where nobody answered in its words.
// Loaders of the release before hand the API's sentence over as the message.
const sentence = ({ t }, { title, message, code, status }) =>
  title || message || (code === "unreachable" ? t.unreachable : status === 429 ? t.tooMany : t.unexpected);
const said = (owner, problem) =>
  owner.tell("error", { code: problem.code, title: sentence(owner, problem), status: problem.status });
