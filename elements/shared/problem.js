// What went wrong: the API's own sentence, or one of ours where nobody answered in its words.
const sentence = ({ t }, { message, code }) => message || (code === "unreachable" ? t.unreachable : t.unexpected);
const said = (owner, problem) =>
  owner.tell("error", { code: problem.code, title: sentence(owner, problem), status: problem.status });
